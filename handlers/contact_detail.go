package handlers

import (
	"maps"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"pult/views"
)

// detailViews are a contact's details in a lasting order. The labels are message keys, or what a customer's own page called them.
func detailViews(c echo.Context, details map[string]string) []views.DetailView {
	var out []views.DetailView
	for _, key := range slices.Sorted(maps.Keys(details)) {
		label := key
		if known := words(c).T(key); strings.Contains(key, ".") && !strings.HasPrefix(known, "⟦") {
			label = known
		}
		out = append(out, views.DetailView{Label: label, Value: details[key]})
	}
	return out
}
