# needs the package jsonlite
base <- "{base}"
soums <- jsonlite::fromJSON(paste0(base, "/v1/soums"))$soums
print(nrow(soums))
found <- jsonlite::fromJSON(paste0(base, soums$verification_href[1]))
# effect, interval and minimum detectable change are in `unit`; positive is better
print(found$indicators[, c("indicator", "class", "effect", "ci90_low", "ci90_high", "mdc", "unit")])
