"""A music service's catalogue and activity logs, invented, in the layout of the bucket the project was ordered for.

``python -m sample_data.generate --help`` makes them at any size; ``s3/`` holds the small result that the default
configuration loads.
"""
