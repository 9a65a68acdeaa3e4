{# The number of this load, yyyymmddhhmmss. #}
{% macro etl_batch_id() %}
    {{- cast(run_started_at.strftime('%Y%m%d%H%M%S'), type_bigint()) -}}
{% endmacro %}
