"""The cluster that the warehouse runs on: planned, priced, made, paused and removed on AWS, with boto3.

A page each: ``setup.py``, ``status.py``, ``pause.py``, ``resume.py``, ``teardown.py``. There is no state file: names
follow from dwh.cfg, and everything that is made carries the tag ``dwh:stack``. What lacks it is never touched.
"""
