# The two commands that matter: `make run` and `make test`. Both make the virtual environment first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

# Spark (300 MB, with its tests' S3 client 500 MB) is installed for `make test` where there is a Java to run it, and in
# CI; LAKE=no leaves it and its tests out.
LAKE ?= $(if $(CI)$(shell command -v java),yes,no)
SPARK := $(if $(filter yes,$(LAKE)),$(VENV)/.installed-spark)

.PHONY: run report notebook lake test check format serve bench clean

run: $(VENV)/.installed
	$(BIN)/python create_tables.py
	$(BIN)/python etl.py

# What the listeners do, in pictures: report.html, from the warehouse that `make run` filled.
report: $(VENV)/.installed
	$(BIN)/python analysis/report.py

# The same to change and to go on with, in JupyterLab on 127.0.0.1.
notebook: $(VENV)/.installed-notebook
	$(BIN)/python -m jupyterlab --KernelManager.transport_encryption=required \
		--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate --LabApp.news_url=None analysis/song_plays.ipynb

# The star schema as a data lake in lake/, with Spark. Needs a JDK.
lake: $(VENV)/.installed-lake
	$(BIN)/python data_lake/etl.py

test: $(VENV)/.installed-dev $(SPARK)
	$(BIN)/python -m pytest -n auto

check: $(VENV)/.installed-dev $(SPARK)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(VENV)/.installed-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# A warehouse for psql, notebooks and BI tools, on the file that `make run` fills.
serve: $(VENV)/.installed
	$(BIN)/python -m local_redshift --database sparkify.duckdb --s3-root sample_data/s3

bench: $(VENV)/.installed-dev $(SPARK)
	$(BIN)/python -m benchmarks

$(VENV)/.installed: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is %d.%d" % sys.version_info[:2])'
	$(PYTHON) -m venv $(VENV)
	$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt
	$(PIP) -r requirements-dev.txt
	@touch $@

$(VENV)/.installed-notebook: $(VENV)/.installed
	$(PIP) --editable '.[notebook]'
	@touch $@

$(VENV)/.installed-lake: $(VENV)/.installed
	$(PIP) --editable '.[lake]'
	@touch $@

# With the jars of hadoop-aws out of AWS's own package; what else that wants is for an older Spark.
$(VENV)/.installed-spark: $(VENV)/.installed-dev $(VENV)/.installed-lake
	$(PIP) --no-deps sagemaker-pyspark==1.4.5
	@touch $@

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .pytest_cache .ruff_cache
