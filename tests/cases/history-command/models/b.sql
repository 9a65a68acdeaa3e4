select {% if var('broken', false) %}no_such_column{% else %}id{% endif %} from {{ ref('a') }}
