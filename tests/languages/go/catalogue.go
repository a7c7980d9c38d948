//go:build ignore

// Writes the catalogue x-ontap-error-codes of the spec as Go constants: no generator knows the extension. The standard
// library reads no YAML, so it takes the spec's JSON.
package main

import (
	"encoding/json"
	"fmt"
	"go/format"
	"log"
	"os"
	"sort"
	"strings"
)

func main() {
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	var spec struct {
		Components struct {
			Catalogue map[string]struct{ Name, Summary string } `json:"x-ontap-error-codes"`
		}
	}
	if err := json.Unmarshal(text, &spec); err != nil {
		log.Fatal(err)
	}
	var constants []string
	for code, entry := range spec.Components.Catalogue {
		name := "Code"
		for _, word := range strings.Split(entry.Name, "-") {
			name += strings.ToUpper(word[:1]) + word[1:]
		}
		constants = append(constants, fmt.Sprintf("// %s: %s\n%s = %q\n", name, entry.Summary, name, code))
	}
	sort.Strings(constants)
	source, err := format.Source([]byte("package ontap\n\nconst (\n" + strings.Join(constants, "\n") + ")\n"))
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(os.Args[2], source, 0o666); err != nil {
		log.Fatal(err)
	}
}
