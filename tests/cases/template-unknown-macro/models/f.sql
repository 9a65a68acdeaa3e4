select {{ adapter.get_column_in_relation(this) }}
