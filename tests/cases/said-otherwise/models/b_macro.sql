select * from {{ go() }}
