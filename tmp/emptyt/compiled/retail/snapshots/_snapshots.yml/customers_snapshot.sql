select * from (select * from "retail"."main"."stg_customers" where false limit 0) as "_empty_1"
