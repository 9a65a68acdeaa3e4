select 1 as id {{ need(none) }}
