{% snapshot history %}
{{ config(unique_key="id || '-' || k", strategy='check', check_cols=['v'], hard_deletes='invalidate') }}
select * from {{ ref('people') }}
{% endsnapshot %}
{% snapshot plain %}
{{ config(unique_key="concat(id, k)", strategy='check', check_cols=['v']) }}
select * from {{ ref('people') }}
{% endsnapshot %}
