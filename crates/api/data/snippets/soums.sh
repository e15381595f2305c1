curl --fail --silent '{base}/v1/soums?f=csv' | head -3
curl --fail --silent --header 'Accept-Language: mn' '{base}/v1/cycles'
