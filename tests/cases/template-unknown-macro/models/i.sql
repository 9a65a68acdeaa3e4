select {{ modules.os.getcwd() }}
