package settings_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"pult/internal/webtest"
)

func TestHelp_FormLeadsToTheGuideOfItsProduct(t *testing.T) {
	d := webtest.New(t, func(o *webtest.Options) {
		o.Help = fstest.MapFS{"channels/other.en.md": {Data: []byte("# A guide\n")}}
	})
	const guide = `href="/help/channels/other"`
	kinds, err := d.Channels.ListProducts(d.Eva)
	if err != nil {
		t.Fatal(err)
	}
	form := "/settings/channels/add/" + string(kinds[0].Kind)
	holds(t, d.Visit(d.Eva, "GET", form+"?driver=other", nil, false), 200, guide)
	if w := d.Visit(d.Eva, "GET", form+"?driver=test", nil, false); strings.Contains(w.Body.String(), "/help/channels/") {
		t.Error("the form leads to a guide that is not written")
	}
}
