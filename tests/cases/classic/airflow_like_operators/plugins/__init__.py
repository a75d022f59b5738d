from .hook import PostgresHook
from .operators import DataQualityOperator, LoadDimensionOperator, LoadFactOperator, StageToRedshiftOperator

__all__ = ['PostgresHook', 'StageToRedshiftOperator', 'LoadFactOperator', 'LoadDimensionOperator', 'DataQualityOperator']
