from pathlib import Path

from .hook import RedshiftHook

if __name__ == '__main__':
    RedshiftHook('CLUSTER').run((Path(__file__).parent / 'create_tables.sql').read_text())
