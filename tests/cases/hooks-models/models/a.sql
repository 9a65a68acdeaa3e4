{{ config(
    materialized='table',
    pre_hook=["insert into steps select coalesce(max(n), 0) + 1, 'model pre' from steps",
              {"sql": "insert into steps select coalesce(max(n), 0) + 1, 'out' from steps", "transaction": false}],
    post_hook=["insert into steps select coalesce(max(n), 0) + 1, '{{ this | replace('\"', '') }}' from steps",
               {"sql": "{{ note('model post') }}", "transaction": false}]
) }}
select 1 as id
