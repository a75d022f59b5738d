from lake_spark import Lake, in_warehouse
from pathlib import Path
import time, pytest
from scripts import project as make_project
from warehouse.config import SAMPLE_DATA
pytest_plugins = ["lake_fixtures"]

def test_x(lake: Lake, tmp_path):
    made = make_project(tmp_path, SAMPLE_DATA)
    t=time.time()
    made.succeed("create_tables.py")
    made.succeed("etl.py")
    print("warehouse", time.time()-t)
    t=time.time()
    lake.load(SAMPLE_DATA/"udacity-dend")
    print("took", time.time()-t)
    t=time.time()
    lake.load(SAMPLE_DATA/"udacity-dend")
    print("took", time.time()-t)
    t=time.time()
    assert lake.everything() == in_warehouse(made)
    print("took", time.time()-t)
    print(lake.query("DESCRIBE songplays"))
