"""dwh.cfg as people have it, the environment, and what is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from warehouse import config, config_file
from warehouse.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

CLASSIC = """\
[CLUSTER]
HOST=dwhcluster.abc.us-west-2.redshift.amazonaws.com
DB_NAME=dwh
DB_USER=dwhuser
DB_PASSWORD=Passw0rd
DB_PORT=5439

[IAM_ROLE]
ARN='arn:aws:iam::123456789012:role/dwhRole'

[S3]
LOG_DATA='s3://udacity-dend/log_data'
LOG_JSONPATH='s3://udacity-dend/log_json_path.json'
SONG_DATA='s3://udacity-dend/song_data'
"""


def load(folder: Path, text: str, **environment: str) -> config.Settings:
    file = folder / "dwh.cfg"
    file.write_bytes(text.encode())
    return config.load(file, environment)


def test_classic_file(tmp_path: Path) -> None:
    settings = load(tmp_path, CLASSIC)
    assert not settings.on_laptop
    assert settings.host == "dwhcluster.abc.us-west-2.redshift.amazonaws.com"
    assert (settings.database, settings.user, settings.password, settings.port) == ("dwh", "dwhuser", "Passw0rd", 5439)
    assert settings.arn == "arn:aws:iam::123456789012:role/dwhRole"
    assert settings.log_data == "s3://udacity-dend/log_data"
    assert settings.sslmode == "verify-full"
    assert settings.copy_authorization == "IAM_ROLE 'arn:aws:iam::123456789012:role/dwhRole'"


def test_who_only_asks_needs_no_role_and_no_data(tmp_path: Path) -> None:
    (tmp_path / "dwh.cfg").write_text(CLASSIC.partition("[IAM_ROLE]")[0])
    assert config.load(tmp_path / "dwh.cfg", {}, loads=False).user == "dwhuser"
    with pytest.raises(ConfigError, match=r"\[IAM_ROLE\] ARN is missing"):
        config.load(tmp_path / "dwh.cfg", {})


@pytest.mark.parametrize(
    ("old", "new", "setting", "expected"),
    [
        ("DB_PASSWORD=Passw0rd", "DB_PASSWORD='Passw0rd'", "password", "Passw0rd"),
        ("DB_PASSWORD=Passw0rd", 'DB_PASSWORD="Passw0rd"', "password", "Passw0rd"),
        ("DB_PASSWORD=Passw0rd", "DB_PASSWORD=50%off%(x)s", "password", "50%off%(x)s"),  # no interpolation
        ("DB_PASSWORD=Passw0rd", "DB_PASSWORD=Pass #1;x", "password", "Pass #1;x"),  # bare: to the letter
        ("DB_PASSWORD=Passw0rd", "DB_PASSWORD='Pass #1'  # secret", "password", "Pass #1"),
        ("DB_PASSWORD=Passw0rd", "DB_PASSWORD = Pass=w0rd", "password", "Pass=w0rd"),
        ("DB_PASSWORD=Passw0rd", "db_password: Passw0rd", "password", "Passw0rd"),
        ("DB_PASSWORD=Passw0rd", "DWH_DB_PASSWORD=Passw0rd", "password", "Passw0rd"),
        ("DB_NAME=dwh", "DWH_DB=dwh", "database", "dwh"),
        ("DB_NAME=dwh", "DB_NAME=dwh  ; the database", "database", "dwh"),
        ("DB_NAME=dwh\n", "", "database", "dev"),
        ("DB_USER=dwhuser", "DWH_DB_USER='dwhuser'", "user", "dwhuser"),
        ("DB_PORT=5439", "DWH_PORT='5440'", "port", 5440),
        ("DB_PORT=5439\n", "", "port", 5439),
        ("HOST=dwhcluster.abc", "DWH_HOST=dwhcluster.abc", "user", "dwhuser"),
        ("[CLUSTER]", "[cluster]", "user", "dwhuser"),
        ("[CLUSTER]", "[DWH]", "user", "dwhuser"),
        ("ARN='arn:aws:iam::123456789012:role/dwhRole'", "ARN=default", "copy_authorization", "IAM_ROLE default"),
        ("[S3]", "[S3]\nREGION='us-west-2'", "copy_region", "REGION 'us-west-2'"),
        ("'s3://udacity-dend/log_json_path.json'", "'auto ignorecase'", "log_jsonpath", "auto ignorecase"),
        ("DB_PORT=5439", "DB_PORT=5439\nSSLMODE=verify-ca", "sslmode", "verify-ca"),
        ("HOST=dwhcluster.abc.us-west-2.redshift.amazonaws.com", "HOST=localhost", "sslmode", "prefer"),
        ("[CLUSTER]", "\ufeff[CLUSTER]", "user", "dwhuser"),  # a byte order mark
        ("\n", "\r\n", "user", "dwhuser"),
    ],
)
def test_spellings(tmp_path: Path, old: str, new: str, setting: str, expected: object) -> None:
    assert old in CLASSIC
    assert getattr(load(tmp_path, CLASSIC.replace(old, new)), setting) == expected


def test_a_server_on_this_machine_needs_no_role(tmp_path: Path) -> None:
    settings = load(tmp_path, "[CLUSTER]\nHOST=127.0.0.1\nDB_USER=u\nDB_PASSWORD=p\n")
    assert (settings.sslmode, settings.copy_authorization) == ("prefer", "IAM_ROLE default")


def test_endpoint_as_the_console_shows_it(tmp_path: Path) -> None:
    text = "[CLUSTER]\nHOST=c.x.redshift.amazonaws.com:5440/dwh\nDB_USER=u\nDB_PASSWORD=p\n"
    settings = load(tmp_path, text + CLASSIC[CLASSIC.index("[IAM_ROLE]") :])
    assert (settings.host, settings.port, settings.database) == ("c.x.redshift.amazonaws.com", 5440, "dwh")


@pytest.mark.parametrize(
    ("variable", "value", "setting", "expected"),
    [
        ("DWH_DB_PASSWORD", "from%env", "password", "from%env"),
        ("DWH_DB", "other", "database", "other"),
        ("DWH_PORT", "5441", "port", 5441),
        ("DWH_LOG_DATA", "s3://mine/logs/2018/11/", "log_data", "s3://mine/logs/2018/11/"),
        ("DWH_HOST", "", "on_laptop", True),  # back to the laptop for one run
        ("HOST", "a-shell-variable", "host", "dwhcluster.abc.us-west-2.redshift.amazonaws.com"),
    ],
)
def test_environment_goes_before_the_file(
    tmp_path: Path, variable: str, value: str, setting: str, expected: object
) -> None:
    assert getattr(load(tmp_path, CLASSIC, **{variable: value}), setting) == expected


def test_no_file_is_the_laptop_with_the_sample_data(tmp_path: Path) -> None:
    settings = config.load(tmp_path / "dwh.cfg", {})
    assert settings.on_laptop
    assert settings.file is None
    assert settings.local_database == tmp_path / "sparkify.duckdb"
    assert settings.s3_root == config.SAMPLE_DATA
    assert settings.copy_authorization == "IAM_ROLE default"


def test_the_example_is_the_laptop_with_the_sample_data() -> None:
    example = config.SAMPLE_DATA.parent.parent / "dwh.cfg.example"
    settings = config.load(example, {})
    assert settings.on_laptop
    assert settings.s3_root == config.SAMPLE_DATA
    keys = {section: set(values) for section, values in config_file.read(example).items()}
    assert {"KEY", "SECRET"} <= keys["AWS"]
    assert {"CLUSTER_IDENTIFIER", "CLUSTER_TYPE", "CLUSTER_NODE_TYPE", "CLUSTER_NUM_NODES"} <= keys["CLUSTER"]


def test_local_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    settings = load(tmp_path, "[LOCAL]\nDATABASE=data/w.duckdb\nS3_ROOT='~/s3'\n")
    assert settings.local_database == tmp_path / "data" / "w.duckdb"
    assert settings.s3_root is not None
    assert settings.s3_root.is_absolute()
    assert "~" not in str(settings.s3_root)


def test_an_empty_s3_root_is_s3_itself(tmp_path: Path) -> None:
    assert load(tmp_path, "[LOCAL]\nS3_ROOT=\n").s3_root is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[CLUSTER]\n", "", "line 1: no section before the first key"),
        ("DB_PORT=5439", "DB_PORT=abc", "[CLUSTER] DB_PORT is 'abc', not a port number"),
        ("DB_PORT=5439", "DB_PORT=70000", "[CLUSTER] DB_PORT is '70000'"),
        ("DB_USER=dwhuser\n", "", "[CLUSTER] DB_USER is missing"),
        ("ARN='arn:aws:iam::123456789012:role/dwhRole'", "ARN=''", "[IAM_ROLE] ARN is missing"),
        ("arn:aws:iam::123456789012:role/dwhRole", "dwhRole", "[IAM_ROLE] ARN is 'dwhRole', not a role's ARN"),
        (CLASSIC[CLASSIC.index("[S3]") :], "", "[S3] LOG_DATA is missing"),
        ("s3://udacity-dend/song_data", "udacity-dend/song_data", "[S3] SONG_DATA is 'udacity-dend/song_data'"),
        ("s3://udacity-dend/song_data", "s3://b/o'clock", "[S3] SONG_DATA is"),  # it goes between quotes in a COPY
        ("DB_PORT=5439", "DB_PORT=5439\nSSLMODE=on", "[CLUSTER] SSLMODE is 'on', not one of disable"),
        ("HOST=", "HOST=http://", "[CLUSTER] HOST is 'http://dwhcluster"),
        ("DB_USER=dwhuser", "DB_USER=dwhuser\nDB_USER=x", "line 5: DB_USER stands there twice"),
        ("[S3]", "[CLUSTER]", "section [CLUSTER] stands there twice"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, CLASSIC.replace(old, new, 1))
    assert said in caught.value.message
    assert str(tmp_path / "dwh.cfg") in caught.value.message
    assert "Passw0rd" not in str(caught.value) + caught.value.hint


# Without a password: AWS is asked for one.


@pytest.mark.parametrize(
    ("host", "more", "cluster"),
    [
        ("sparkify.abc.us-west-2.redshift.amazonaws.com", "", ("sparkify", "us-west-2", False)),
        ("Sparkify.abc.us-west-2.redshift.amazonaws.com:5439/dev", "", ("sparkify", "us-west-2", False)),
        ("c.abc.cn-north-1.redshift.amazonaws.com.cn", "CLUSTER_IDENTIFIER=x", ("c", "cn-north-1", False)),
        ("wg.123456789012.eu-west-1.redshift-serverless.amazonaws.com", "", ("wg", "eu-west-1", True)),
        ("wg.123456789012.cn-north-1.redshift-serverless.amazonaws.com.cn", "", ("wg", "cn-north-1", True)),
        ("127.0.0.1", "CLUSTER_IDENTIFIER=Sparkify", ("sparkify", "", False)),  # a tunnel; AWS has it in lower case
        ("dwh.example.com", "DWH_CLUSTER_IDENTIFIER=x\nDWH_REGION=eu-west-1", ("x", "eu-west-1", False)),
        (
            "localhost",
            "CLUSTER_IDENTIFIER=x\nCLUSTER_TYPE=Serverless\n[AWS]\nREGION=eu-west-1",
            ("x", "eu-west-1", True),
        ),
    ],
)
def test_whom_aws_is_asked_for_a_password_of(tmp_path: Path, host: str, more: str, cluster: object) -> None:
    text = CLASSIC.replace("HOST=dwhcluster.abc.us-west-2.redshift.amazonaws.com", f"HOST={host}")
    text = text.replace("DB_PASSWORD=Passw0rd\nDB_PORT=5439\n", f"DB_PASSWORD=\n{more}\n")
    settings = load(tmp_path, text)
    assert settings.cluster == cluster
    assert settings.user == "dwhuser"
    assert load(tmp_path, text.replace("DB_USER=dwhuser\n", "")).user == ""


def test_a_password_asks_nobody(tmp_path: Path) -> None:
    half = CLASSIC + "[AWS]\nKEY=AKIA\nSECRET=\n"  # as classic files have it; no concern of the scripts
    assert load(tmp_path, half).cluster is None
    with pytest.raises(ConfigError, match="only one of KEY and SECRET"):
        load(tmp_path, half, DWH_DB_PASSWORD="")


def test_a_host_that_names_no_cluster_and_no_password(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"\[CLUSTER\] DB_PASSWORD is missing") as caught:
        load(tmp_path, "[CLUSTER]\nHOST=127.0.0.1\nDB_USER=u\n")
    assert "CLUSTER_IDENTIFIER" in caught.value.hint


def test_the_keys_of_aws_do_not_show(tmp_path: Path) -> None:
    keys = "[AWS]\nKEY=AKIA\nSECRET=s3cret/key\nTOKEN=t0ken\n"
    settings = load(tmp_path, CLASSIC.replace("DB_PASSWORD=Passw0rd", "") + keys)
    assert (settings.access.secret, settings.access.token) == ("s3cret/key", "t0ken")
    assert "s3cret" not in repr(settings)
    assert "t0ken" not in repr(settings)


def test_a_wrong_variable_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="the environment's DWH_DB_PORT is 'abc'"):
        load(tmp_path, CLASSIC, DWH_DB_PORT="abc")


def test_a_file_that_is_no_dwh_cfg(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no section \[CLUSTER\]"):
        load(tmp_path, "[tool]\nx=1\n")
    (tmp_path / "dwh.cfg").write_bytes(b"[CLUSTER]\nHOST=\xff\xfe\n")
    with pytest.raises(ConfigError, match="not UTF-8"):
        config.load(tmp_path / "dwh.cfg", {})
    with pytest.raises(ConfigError, match="cannot be read"):
        config.load(tmp_path, {})


def test_the_password_does_not_show(tmp_path: Path) -> None:
    settings = load(tmp_path, CLASSIC)
    assert "Passw0rd" not in repr(settings)
    assert "Passw0rd" not in f"{settings}"


def test_use_makes_the_settings_current(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "_in_use", None)
    file = tmp_path / "other.cfg"
    file.write_text("[LOCAL]\nDATABASE=x.duckdb\n")
    assert config.use(file, {}) is config.current()
    assert config.current().local_database == tmp_path / "x.duckdb"
