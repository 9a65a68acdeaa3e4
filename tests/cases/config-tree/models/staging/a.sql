{{ config(tags=['own'], meta={'owner': 'y'}) }}
select 1 as id
