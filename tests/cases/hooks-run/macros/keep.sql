{% macro keep(results) %}
  {% if execute and results %}
  insert into results values
  {% for r in results %}
    ('{{ r.node.name }}', '{{ r.status }}', {{ r.failures if r.failures is not none else 'null' }}){{ ',' if not loop.last }}
  {% endfor %}
  {% endif %}
{% endmacro %}

{% macro keep_places(results, schemas, database_schemas) %}
  {% if results %}
  insert into places
  {% for r in results if r.to_dict()['node']['resource_type'] != 'test' %}
    select '{{ r.node.name }}' as name, '{{ (r.timing | map(attribute='name') | join('+')) if r.timing else 'nothing' }}' as what,
      {{ (r.timing[1].completed_at - r.timing[0].started_at).total_seconds() >= 0 if r.timing else 'null' }} as timed,
      '{{ r.to_dict().timing[0].started_at[:2] if r.timing }}' as century, {{ r.adapter_response.get('rows_affected', -1) }} as n, {{ (r.node.compiled_code or '') | length > 0 }} as compiled
    union all
  {% endfor %}
  {% for s in schemas | sort %}select '{{ s }}', 'schema', null, '', -1, null union all {% endfor %}
  {% for d, s in database_schemas %}select '{{ d }}.{{ s }}', 'both', null, '', -1, null union all {% endfor %}
  select '{{ results | selectattr('status', 'equalto', 'skipped') | map(attribute='node.name') | join(',') }}', 'skipped', null, '', -1, null
  {% endif %}
{% endmacro %}
