{% set base = ref('base') %}
{% set found = adapter.get_relation(database=base.database, schema=base.schema, identifier='base') %}
{% set nothing = adapter.get_relation(base.database, base.schema, 'not_there') %}
{% set columns = adapter.get_columns_in_relation(base) if execute else [] %}
{% set parts = [] %}
{% for c in columns %}{% do parts.append(c.name ~ ':' ~ c.dtype) %}{% endfor %}
select '{{ execute and base is none }}' as t,
  '{{ parts | join(',') }}' as col,
  '{{ found is not none }}' as exists,
  '{{ nothing }}' as missing,
  '{{ base.schema }}' as schema,
  '{{ base.identifier }}' as ident,
  '{{ found.is_view if found else '' }}' as is_view,
  '{{ base }}' as quoted,
  '{{ columns | map(attribute='name') | join(', ') }}' as star
