{% macro key() %}'{{ env_var('DBT_ENV_SECRET_KEY', 'none') }}'{% endmacro %}
