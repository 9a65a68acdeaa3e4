select {{ dbt_utils.star(ref('a')) }}
