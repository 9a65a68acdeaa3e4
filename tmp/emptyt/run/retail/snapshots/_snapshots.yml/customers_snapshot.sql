create temporary table "temp"."main"."customers_snapshot__dwt_src" as (
select src.*,
    customer_id as "__dwt_key_0",
    (current_timestamp at time zone 'UTC') as "__dwt_changed_at",
    md5(cast((coalesce(cast(customer_id as varchar), '') || '|' || coalesce(cast((current_timestamp at time zone 'UTC') as varchar), '')) as varchar)) as "__dwt_scd_id"
from (
select * from (select * from "retail"."main"."stg_customers" where false limit 0) as "_empty_1"
) src
);

select "__dwt_key_0", count(*) as n from "temp"."main"."customers_snapshot__dwt_src" group by "__dwt_key_0" having count(*) > 1 order by "__dwt_key_0" limit 4;

create temporary table "temp"."main"."customers_snapshot__dwt_tmp" as (
select
    s."customer_id" as "customer_id",
    s."first_name" as "first_name",
    s."last_name" as "last_name",
    s."email" as "email",
    s."phone" as "phone",
    s."birth_date" as "birth_date",
    s."gender" as "gender",
    s."customer_segment" as "customer_segment",
    s."registration_date" as "registration_date",
    s."address" as "address",
    s."city" as "city",
    s."state" as "state",
    s."country" as "country",
    s."postal_code" as "postal_code",
    s."__dwt_scd_id" as "dbt_scd_id",
    s."__dwt_changed_at" as "dbt_updated_at",
    s."__dwt_changed_at" as "dbt_valid_from",
    nullif(s."__dwt_changed_at", s."__dwt_changed_at") as "dbt_valid_to",
    d."dbt_scd_id" as "__dwt_closes"
from "temp"."main"."customers_snapshot__dwt_src" s
left join (
    select * from "retail"."main"."customers_snapshot" where "dbt_valid_to" is null
) d on (d."customer_id") is not distinct from (s."__dwt_key_0")
where d."dbt_scd_id" is null or ((d."customer_segment") is distinct from (s."customer_segment"))
);

update "retail"."main"."customers_snapshot" as DBT_INTERNAL_DEST
set "dbt_valid_to" = DBT_INTERNAL_SOURCE."dbt_valid_from"
from "temp"."main"."customers_snapshot__dwt_tmp" as DBT_INTERNAL_SOURCE
where DBT_INTERNAL_DEST."dbt_scd_id" = DBT_INTERNAL_SOURCE."__dwt_closes";

insert into "retail"."main"."customers_snapshot" ("customer_id", "first_name", "last_name", "email", "phone", "birth_date", "gender", "customer_segment", "registration_date", "address", "city", "state", "country", "postal_code", "dbt_scd_id", "dbt_updated_at", "dbt_valid_from", "dbt_valid_to")
select "customer_id", "first_name", "last_name", "email", "phone", "birth_date", "gender", "customer_segment", "registration_date", "address", "city", "state", "country", "postal_code", "dbt_scd_id", "dbt_updated_at", "dbt_valid_from", "dbt_valid_to" from "temp"."main"."customers_snapshot__dwt_tmp";

drop table if exists "temp"."main"."customers_snapshot__dwt_tmp";

drop table if exists "temp"."main"."customers_snapshot__dwt_src";
