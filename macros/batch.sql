{# The number of this load, yyyymmddhhmmss: fourteen digits, so a big integer. The run history has it as batch_id. #}
{% macro etl_batch_id() %}
    {{- cast(run_batch_id, type_bigint()) -}}
{% endmacro %}

{# When this load started: the same moment for all its rows. #}
{% macro etl_insert_date() %}
    {{- cast("'" ~ run_started_at.strftime('%Y-%m-%d %H:%M:%S') ~ "'", type_timestamp()) -}}
{% endmacro %}
