{# The day that changes seen by this run count from, as text: the variable `as_of`, or the day of the run. #}
{% macro as_of_date() %}
    {{- return((var('as_of', none) or run_started_at.strftime('%Y-%m-%d')) | string) -}}
{% endmacro %}
