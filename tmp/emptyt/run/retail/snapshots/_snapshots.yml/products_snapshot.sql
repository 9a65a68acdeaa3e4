create temporary table "temp"."main"."products_snapshot__dwt_src" as (
select src.*,
    product_id as "__dwt_key_0",
    (current_timestamp at time zone 'UTC') as "__dwt_changed_at",
    md5(cast((coalesce(cast(product_id as varchar), '') || '|' || coalesce(cast((current_timestamp at time zone 'UTC') as varchar), '')) as varchar)) as "__dwt_scd_id"
from (
select * from (select * from "retail"."main"."stg_products" where false limit 0) as "_empty_1"
) src
);

select "__dwt_key_0", count(*) as n from "temp"."main"."products_snapshot__dwt_src" group by "__dwt_key_0" having count(*) > 1 order by "__dwt_key_0" limit 4;

create temporary table "temp"."main"."products_snapshot__dwt_tmp" as (
select
    s."product_id" as "product_id",
    s."product_name" as "product_name",
    s."category" as "category",
    s."subcategory" as "subcategory",
    s."brand" as "brand",
    s."unit_cost" as "unit_cost",
    s."unit_price" as "unit_price",
    s."supplier" as "supplier",
    s."__dwt_scd_id" as "dbt_scd_id",
    s."__dwt_changed_at" as "dbt_updated_at",
    s."__dwt_changed_at" as "dbt_valid_from",
    nullif(s."__dwt_changed_at", s."__dwt_changed_at") as "dbt_valid_to",
    d."dbt_scd_id" as "__dwt_closes"
from "temp"."main"."products_snapshot__dwt_src" s
left join (
    select * from "retail"."main"."products_snapshot" where "dbt_valid_to" is null
) d on (d."product_id") is not distinct from (s."__dwt_key_0")
where d."dbt_scd_id" is null or ((d."unit_price") is distinct from (s."unit_price") or (d."unit_cost") is distinct from (s."unit_cost"))
);

update "retail"."main"."products_snapshot" as DBT_INTERNAL_DEST
set "dbt_valid_to" = DBT_INTERNAL_SOURCE."dbt_valid_from"
from "temp"."main"."products_snapshot__dwt_tmp" as DBT_INTERNAL_SOURCE
where DBT_INTERNAL_DEST."dbt_scd_id" = DBT_INTERNAL_SOURCE."__dwt_closes";

insert into "retail"."main"."products_snapshot" ("product_id", "product_name", "category", "subcategory", "brand", "unit_cost", "unit_price", "supplier", "dbt_scd_id", "dbt_updated_at", "dbt_valid_from", "dbt_valid_to")
select "product_id", "product_name", "category", "subcategory", "brand", "unit_cost", "unit_price", "supplier", "dbt_scd_id", "dbt_updated_at", "dbt_valid_from", "dbt_valid_to" from "temp"."main"."products_snapshot__dwt_tmp";

drop table if exists "temp"."main"."products_snapshot__dwt_tmp";

drop table if exists "temp"."main"."products_snapshot__dwt_src";
