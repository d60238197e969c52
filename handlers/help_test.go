package handlers

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/labstack/echo/v4"
)

func TestHelp_FormLeadsToTheGuideOfItsProduct(t *testing.T) {
	d := office(t, "")
	page := &pages{views: d.views, desk: d.Desk.Desk, auth: d.auth}
	h := &channels{desk: d.Desk.Desk, page: page, help: &help{page: page, files: fstest.MapFS{"channels/other.en.md": {Data: []byte("# A guide\n")}}}}
	d.e.GET("/form/:kind", func(c echo.Context) error {
		c.Set(keyOperator, c.Request().Context().Value(keyOperatorOfTest{}))
		return h.add(c)
	})
	const guide = `href="/help/channels/other"`
	kinds, err := d.Desk.Kinds(d.Eva)
	if err != nil {
		t.Fatal(err)
	}
	form := "/form/" + string(kinds[0].Kind)
	holds(t, d.visit(d.Eva, "GET", form+"?driver=other", nil, false), 200, guide)
	if w := d.visit(d.Eva, "GET", form+"?driver=test", nil, false); strings.Contains(w.Body.String(), "/help/channels/") {
		t.Error("the form leads to a guide that is not written")
	}
}
