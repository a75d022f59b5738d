import configparser
import os

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

config = configparser.ConfigParser()
config.read(os.path.join(ROOT, 'config', 'dwh.cfg'))

HOST = os.getenv('REDSHIFT_HOST', config['REDSHIFT']['REDSHIFT_HOST'])
PORT = config['REDSHIFT']['REDSHIFT_PORT']
DB = config['REDSHIFT']['REDSHIFT_DB']
USER = config['REDSHIFT']['REDSHIFT_USER']
PASSWORD = os.getenv('REDSHIFT_PASSWORD', config['REDSHIFT']['REDSHIFT_PASSWORD'])
ROLE_ARN = config['IAM']['ROLE_ARN']
