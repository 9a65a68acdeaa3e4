{% macro rows_of(table) %}{% if execute %}{{ return(run_query('select count(*) from ' ~ table).columns[0][0]) }}{% endif %}{% endmacro %}
