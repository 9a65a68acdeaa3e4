{% snapshot a %}
{{ config(strategy='timestamp') }}
select 1 as id
{% endsnapshot %}
