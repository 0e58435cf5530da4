-- What analysts may rely on: the columns of these views stay as they are across versions.
CREATE SCHEMA IF NOT EXISTS intent;
