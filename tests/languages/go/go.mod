module example.net/lifecycle

go 1.19
