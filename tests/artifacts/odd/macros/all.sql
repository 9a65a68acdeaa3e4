{% macro noop(what, other=none) %}{{ dbt.string_literal(what) if false }}{% endmacro %}
{% macro generate_alias_name(custom_alias_name=none, node=none) %}{{ custom_alias_name or node.name }}{% endmacro %}
{% macro default__hidden() %}{{ noop(noop('y')) }}{% endmacro %}
{% materialization nothing, default %}{{ return({'relations': []}) }}{% endmaterialization %}
