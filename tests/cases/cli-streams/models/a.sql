{{ log('a is on its way', info=true) }}
select 1 as id
