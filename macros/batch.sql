{# The number of this load, yyyymmddhhmmss: fourteen digits, so a big integer. #}
{% macro etl_batch_id() %}
    {{- cast(run_started_at.strftime('%Y%m%d%H%M%S'), type_bigint()) -}}
{% endmacro %}

{# When this load started: the same moment for all its rows. #}
{% macro etl_insert_date() %}
    {{- cast("'" ~ run_started_at.strftime('%Y-%m-%d %H:%M:%S') ~ "'", type_timestamp()) -}}
{% endmacro %}
