{% snapshot types %}
{{ config(unique_key='id', strategy='check', check_cols='all') }}
select 1 as id, {% if var('size', 1) is string %}'{{ var('size') }}'{% else %}{{ var('size', 1) }}{% endif %} as v
{% endsnapshot %}
{% snapshot keys %}
{{ config(unique_key=['a', 'b'], strategy='check', check_cols='all') }}
select 'x|y' as a, 'z' as b, '{{ var('v', 'old') }}' as v union all select 'x', 'y|z', 'old'
{% endsnapshot %}
