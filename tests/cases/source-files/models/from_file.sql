select * from {{ source('files', 'all_of_them') }}
