# needs the package jsonlite
base <- "{base}"
soums <- jsonlite::fromJSON(paste0(base, "/v1/soums"))$soums
print(nrow(soums))
found <- jsonlite::fromJSON(paste0(base, soums$verification_href[1]))
# effect, interval and minimum detectable change are in `unit`; positive is better
print(found$indicators[, c("indicator", "class", "effect", "ci90_low", "ci90_high", "mdc", "unit")])
# the years behind each change, and how far each lies from the baseline's mean
years <- read.csv(paste0(base, "/v1/soums/", soums$au2[1], "/files/years.csv"))
print(tail(years[, c("indicator", "year", "value", "value_unit", "change", "unit")]))
