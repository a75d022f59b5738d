import java.math.BigDecimal;
import java.sql.*;
import java.util.*;

/** Exercises the PostgreSQL JDBC driver; prints one line of JSON a check: {"check": name, "found": value}. */
public class Warehouse {
    static final String SLOW =
        "SELECT COUNT(*) FROM generate_series(1, 300000) AS a(i), generate_series(1, 300000) AS b(j) WHERE i + j = 7";
    static String url;
    static Properties login = new Properties();

    interface Check {
        Object run(Connection connection) throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        url = arguments[0];
        login.setProperty("user", System.getenv("PGUSER"));
        login.setProperty("password", System.getenv("PGPASSWORD"));
        if (arguments.length > 1) {
            login.setProperty("sslrootcert", arguments[1]);
            for (String sslmode : List.of("require", "verify-ca", "verify-full")) {
                login.setProperty("sslmode", sslmode);
                check(sslmode, connection -> rows(connection, "SELECT COUNT(*) FROM generate_series(1, 1000)"));
            }
            return;
        }
        check("product", Warehouse::product);
        check("types in text", connection -> types(connection, 0));
        check("types in binary", connection -> types(connection, -1));
        check("binary after five executions", Warehouse::prepared);
        check("parameters", Warehouse::parameters);
        check("a number keeps its digits", Warehouse::digits);
        check("batch", connection -> batch(connection, "batched"));
        login.setProperty("reWriteBatchedInserts", "true");
        check("rewritten batch", connection -> batch(connection, "rewritten"));
        login.remove("reWriteBatchedInserts");
        check("portal", Warehouse::portal);
        check("two portals", Warehouse::twoPortals);
        check("cancel", Warehouse::cancel);
        check("query timeout", Warehouse::queryTimeout);
        check("rollback", Warehouse::rollback);
        check("read only", Warehouse::readOnly);
        check("savepoint", Warehouse::savepoint);
        check("generated keys", Warehouse::generatedKeys);
        check("several statements", Warehouse::severalStatements);
        check("error", Warehouse::error);
        check("warnings", Warehouse::warnings);
        check("result metadata", Warehouse::resultMetadata);
        check("parameter metadata", Warehouse::parameterMetadata);
        check("copy", Warehouse::copy);
        check("schema", Warehouse::schema);
        check("time zone", Warehouse::timeZone);
        check("simple protocol", Warehouse::simpleProtocol);
        check("tables", connection -> names(connection.getMetaData().getTables(null, "public", "meta%", new String[] {"TABLE"}), "TABLE_NAME"));
        check("columns", connection -> names(connection.getMetaData().getColumns(null, "public", "meta", null), "COLUMN_NAME", "TYPE_NAME", "COLUMN_SIZE", "DECIMAL_DIGITS", "IS_NULLABLE"));
        check("primary keys", connection -> names(connection.getMetaData().getPrimaryKeys(null, "public", "meta"), "COLUMN_NAME", "KEY_SEQ"));
        check("imported keys", connection -> names(connection.getMetaData().getImportedKeys(null, "public", "metachild"), "PKTABLE_NAME", "PKCOLUMN_NAME", "FKCOLUMN_NAME"));
        check("exported keys", connection -> names(connection.getMetaData().getExportedKeys(null, "public", "meta"), "FKTABLE_NAME", "FKCOLUMN_NAME"));
        check("schemas", connection -> names(connection.getMetaData().getSchemas(), "TABLE_SCHEM"));
        check("catalogs", connection -> names(connection.getMetaData().getCatalogs(), "TABLE_CAT"));
        check("type info", connection -> names(connection.getMetaData().getTypeInfo(), "TYPE_NAME"));
        check("table types", connection -> names(connection.getMetaData().getTableTypes(), "TABLE_TYPE"));
        check("functions", connection -> names(connection.getMetaData().getFunctions(null, "public", "%"), "FUNCTION_NAME"));
        check("procedures", connection -> names(connection.getMetaData().getProcedures(null, "public", "%"), "PROCEDURE_NAME"));
        check("best row identifier", connection -> names(connection.getMetaData().getBestRowIdentifier(null, "public", "meta", 0, true), "COLUMN_NAME"));
        check("wrong password", connection -> wrongLogin("password", "wrong"));
        check("tls refused", connection -> wrongLogin("sslmode", "require"));
    }

    static void check(String name, Check body) {
        Object found;
        try (Connection connection = DriverManager.getConnection(url, login)) {
            found = body.run(connection);
        } catch (SQLException error) {
            found = error(error);
        } catch (Exception error) {
            found = error.toString();
        }
        System.out.println("{\"check\": " + json(name) + ", \"found\": " + json(found) + "}");
    }

    // ---------------------------------------------------------------- checks

    static Object product(Connection connection) throws SQLException {
        DatabaseMetaData told = connection.getMetaData();
        return List.of(told.getDatabaseProductName(), told.getDatabaseProductVersion(), connection.getCatalog(), told.getUserName());
    }

    static Object types(Connection unused, int threshold) throws SQLException {
        Properties own = (Properties) login.clone();
        own.setProperty("prepareThreshold", Integer.toString(threshold));
        String select = "SELECT 1::SMALLINT, 2::INT, 3::BIGINT, 1.50::DECIMAL(10,2), -0.001::DECIMAL(5,3), 1.5::REAL, 0.1::FLOAT,"
            + " 'é'::VARCHAR(5), true, '2018-11-15'::DATE, '2018-11-15 00:30:26.796'::TIMESTAMP,"
            + " '2018-11-15 00:30:26.796+02'::TIMESTAMPTZ, '23:59:59'::TIME, NULL::INT, json_parse('[1,2]')";
        try (Connection connection = DriverManager.getConnection(url, own);
                PreparedStatement statement = connection.prepareStatement(select)) {
            List<Object> found = new ArrayList<>();
            ResultSet rows = statement.executeQuery();
            rows.next();
            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                Object value = i == 12 ? rows.getObject(i, java.time.OffsetDateTime.class).toInstant() : rows.getObject(i);
                found.add(value == null ? null : value.getClass().getSimpleName() + " " + value);
            }
            return found;
        }
    }

    static Object prepared(Connection connection) throws SQLException {
        List<Object> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement("SELECT ? + 1, ?::VARCHAR, ?::DECIMAL(10,2)")) {
            for (int i = 1; i <= 12; i++) {
                statement.setInt(1, i);
                statement.setString(2, "é" + i);
                statement.setBigDecimal(3, new BigDecimal("1.25").multiply(new BigDecimal(i)));
                ResultSet rows = statement.executeQuery();
                rows.next();
                found.add(List.of(rows.getInt(1), rows.getString(2), rows.getBigDecimal(3).toString()));
            }
        }
        return found;
    }

    static Object parameters(Connection connection) throws SQLException {
        run(connection, "CREATE TEMP TABLE held (i INT, b BIGINT, s VARCHAR(20), n DECIMAL(10,2), f FLOAT, t TIMESTAMP, d DATE, o BOOL, z TIMESTAMPTZ)");
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO held VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            for (int i = 0; i < 8; i++) {  // by the fifth the driver names the statement
                insert.setInt(1, i);
                insert.setLong(2, 1L << 40);
                insert.setString(3, "it's \\ é");
                insert.setBigDecimal(4, new BigDecimal("-12.34"));
                insert.setDouble(5, 0.1);
                insert.setTimestamp(6, Timestamp.valueOf("2018-11-15 00:30:26.796"));
                insert.setDate(7, java.sql.Date.valueOf("2018-11-15"));
                insert.setBoolean(8, true);
                insert.setObject(9, java.time.OffsetDateTime.parse("2018-11-15T00:30:26+02:00"));
                insert.executeUpdate();
            }
            insert.setInt(1, 99);
            for (int i = 2; i <= 9; i++) insert.setNull(i, Types.NULL);
            insert.executeUpdate();
        }
        return List.of(
            rows(connection, "SELECT COUNT(*), COUNT(DISTINCT s), MIN(n), MAX(t), MIN(d), BOOL_AND(o), MAX(z) FROM held"),
            rows(connection, "SELECT i FROM held WHERE s IS NULL"));
    }

    static Object digits(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT ? + 1")) {
            List<Object> found = new ArrayList<>();
            for (int i = 0; i < 7; i++) {
                statement.setBigDecimal(1, new BigDecimal("1.5"));
                ResultSet rows = statement.executeQuery();
                rows.next();
                found.add(rows.getBigDecimal(1).stripTrailingZeros().toPlainString());
            }
            return found;
        }
    }

    static Object batch(Connection connection, String table) throws SQLException {
        run(connection, "CREATE TABLE " + table + " (id INT, title VARCHAR(40))");
        connection.setAutoCommit(false);
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + table + " VALUES (?, ?)")) {
            for (int i = 0; i < 1000; i++) {
                insert.setInt(1, i);
                insert.setString(2, "title " + i);
                insert.addBatch();
            }
            insert.executeBatch();
        }
        connection.commit();
        return rows(connection, "SELECT COUNT(*), SUM(id), MAX(title) FROM " + table);
    }

    static Object portal(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        long sum = 0, count = 0;
        try (PreparedStatement statement = connection.prepareStatement("SELECT i, 'row ' || i FROM generate_series(1, ?) AS g(i) ORDER BY i")) {
            statement.setFetchSize(1000);
            statement.setInt(1, 100000);
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                count++;
                sum += rows.getLong(1);
            }
        }
        connection.commit();
        return List.of(count, sum);
    }

    static Object twoPortals(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        Statement first = connection.createStatement(), second = connection.createStatement();
        first.setFetchSize(10);
        second.setFetchSize(7);
        ResultSet up = first.executeQuery("SELECT i FROM generate_series(1, 100) AS g(i) ORDER BY i");
        ResultSet down = second.executeQuery("SELECT i FROM generate_series(1, 100) AS g(i) ORDER BY i DESC");
        long found = 0;
        while (up.next() && down.next()) found += up.getLong(1) * down.getLong(1);
        return found;
    }

    static Object cancel(Connection connection) throws Exception {
        Statement statement = connection.createStatement();
        Timer timer = new Timer(true);
        timer.schedule(new TimerTask() {
            public void run() {
                try {
                    statement.cancel();
                } catch (SQLException error) {
                    throw new IllegalStateException(error);
                }
            }
        }, 400);
        Object told;
        try {
            statement.executeQuery(SLOW);
            told = "not cancelled";
        } catch (SQLException error) {
            told = error.getSQLState();
        }
        return List.of(told, rows(connection, "SELECT 1"));
    }

    static Object queryTimeout(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(1);
            statement.executeQuery(SLOW);
        }
        return "not cancelled";
    }

    static Object rollback(Connection connection) throws SQLException {
        run(connection, "CREATE TABLE kept (i INT)");
        connection.setAutoCommit(false);
        run(connection, "INSERT INTO kept VALUES (1)");
        connection.rollback();
        String told = "";
        try {
            run(connection, "SELECT 1 / 0");
        } catch (SQLException error) {
            told = error.getSQLState();
        }
        try {
            run(connection, "SELECT 1");
        } catch (SQLException error) {
            told += " " + error.getSQLState();
        }
        connection.rollback();
        return List.of(told, rows(connection, "SELECT COUNT(*) FROM kept"));
    }

    static Object readOnly(Connection connection) throws SQLException {
        run(connection, "CREATE TABLE guarded (i INT)");
        connection.setReadOnly(true);
        connection.setAutoCommit(false);
        run(connection, "INSERT INTO guarded VALUES (1)");
        return "written";
    }

    static Object savepoint(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        connection.setSavepoint("here");
        return "set";
    }

    static Object generatedKeys(Connection connection) throws SQLException {
        run(connection, "CREATE TABLE keyed (id INT IDENTITY(1,1), s VARCHAR(5))");
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO keyed (s) VALUES ('a')", Statement.RETURN_GENERATED_KEYS)) {
            insert.executeUpdate();
        }
        return "returned";
    }

    static Object severalStatements(Connection connection) throws SQLException {
        List<Object> found = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            boolean isResult = statement.execute("CREATE TEMP TABLE few (i INT); INSERT INTO few VALUES (1), (2); SELECT i FROM few ORDER BY 1");
            while (isResult || statement.getUpdateCount() != -1) {
                found.add(isResult ? values(statement.getResultSet()) : statement.getUpdateCount());
                isResult = statement.getMoreResults();
            }
        }
        return found;
    }

    static Object error(Connection connection) throws SQLException {
        try {
            return rows(connection, "SELECT nothing FROM generate_series(1, 2) AS g(i)");
        } catch (org.postgresql.util.PSQLException error) {
            org.postgresql.util.ServerErrorMessage told = error.getServerErrorMessage();
            return List.of(told.getSQLState(), told.getSeverity(), told.getPosition());
        }
    }

    static Object warnings(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS no_such_table");
            return statement.getWarnings().getMessage();
        }
    }

    static Object resultMetadata(Connection connection) throws SQLException {
        run(connection, "CREATE TABLE described (i INT NOT NULL, n DECIMAL(10,2), s VARCHAR(20))");
        try (Statement statement = connection.createStatement()) {
            ResultSetMetaData told = statement.executeQuery("SELECT i, n, s, i * 2 AS twice FROM described").getMetaData();
            List<Object> found = new ArrayList<>();
            for (int i = 1; i <= told.getColumnCount(); i++)
                found.add(List.of(told.getColumnLabel(i), told.getColumnTypeName(i), told.getPrecision(i), told.getScale(i)));
            return found;
        }
    }

    static Object parameterMetadata(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT 1 WHERE 1 = ? AND 'a' = ?")) {
            return statement.getParameterMetaData().getParameterCount();
        }
    }

    static Object copy(Connection connection) throws Exception {
        connection.unwrap(org.postgresql.PGConnection.class).getCopyAPI().copyIn("COPY kept FROM STDIN", new java.io.StringReader("1\n"));
        return "copied";
    }

    static Object schema(Connection connection) throws SQLException {
        run(connection, "CREATE SCHEMA other");
        run(connection, "CREATE TABLE other.inside AS SELECT 7 AS i");
        connection.setSchema("other");
        return List.of(rows(connection, "SELECT i FROM inside"), connection.getSchema());
    }

    static Object timeZone(Connection connection) throws SQLException {
        return rows(connection, "SHOW timezone");
    }

    static Object simpleProtocol(Connection unused) throws SQLException {
        Properties own = (Properties) login.clone();
        own.setProperty("preferQueryMode", "simple");
        try (Connection connection = DriverManager.getConnection(url, own);
                PreparedStatement statement = connection.prepareStatement("SELECT ?, ?, ?")) {
            statement.setInt(1, -7);
            statement.setString(2, "it's é");
            statement.setDouble(3, 0.5);
            return values(statement.executeQuery());
        }
    }

    static Object wrongLogin(String name, String value) throws SQLException {
        Properties own = (Properties) login.clone();
        own.setProperty(name, value);
        DriverManager.getConnection(url, own).close();
        return "connected";
    }

    // ---------------------------------------------------------------- helpers

    static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static Object rows(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return values(statement.executeQuery(sql));
        }
    }

    static List<Object> values(ResultSet rows) throws SQLException {
        List<Object> found = new ArrayList<>();
        while (rows.next()) {
            List<Object> row = new ArrayList<>();
            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) row.add(rows.getString(i));
            found.add(row);
        }
        return found;
    }

    static List<Object> names(ResultSet rows, String... columns) throws SQLException {
        List<Object> found = new ArrayList<>();
        while (rows.next()) {
            List<Object> row = new ArrayList<>();
            for (String column : columns) row.add(rows.getString(column));
            found.add(columns.length == 1 ? row.get(0) : row);
        }
        return found;
    }

    static Object error(SQLException error) {
        return Map.of("sqlstate", String.valueOf(error.getSQLState()), "message", String.valueOf(error.getMessage()));
    }

    static String json(Object value) {
        if (value == null || value instanceof Integer || value instanceof Long || value instanceof Boolean) return String.valueOf(value);
        if (value instanceof List<?> list) {
            StringJoiner joined = new StringJoiner(", ", "[", "]");
            list.forEach(item -> joined.add(json(item)));
            return joined.toString();
        }
        if (value instanceof Map<?, ?> map) {
            StringJoiner joined = new StringJoiner(", ", "{", "}");
            map.forEach((key, item) -> joined.add(json(key) + ": " + json(item)));
            return joined.toString();
        }
        StringBuilder text = new StringBuilder("\"");
        for (char c : value.toString().toCharArray()) {
            if (c == '"' || c == '\\') text.append('\\').append(c);
            else if (c < ' ' || c > '~') text.append(String.format("\\u%04x", (int) c));
            else text.append(c);
        }
        return text.append('"').toString();
    }
}
