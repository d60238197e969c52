package requests_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"pult/domain"
	"pult/internal/webtest"
)

func TestRequests(t *testing.T) {
	r := webtest.NewTalk(t)
	chat, message := r.ChatPath(r.Channel), r.With(r.Channel, webtest.Novak).LastInboundID.String()
	webtest.Contains(
		t,
		webtest.WantStatus(t, r.Get(r.Jana, chat+"/side", true), 200),
		[]string{
			"New request",
			"Dobrý den,\nkde je objednávka? https://example.com</textarea>",
			`value="Tomáš Novák"`,
			"Taken from the customer",
		},
		nil,
	)

	bad := url.Values{
		"title":       {" "},
		"description": {"A b"},
		"status":      {"new"},
		"priority":    {"high"},
		"due":         {"soon"},
		"message":     {message},
	}
	webtest.Contains(
		t,
		webtest.WantStatus(t, r.PostForm(r.Jana, chat+"/requests", bad, true), 422),
		[]string{`id="request-form"`, "2026-11-23", "A b</textarea>", `aria-invalid="true"`},
		nil,
	)
	bad.Set("due", "")
	webtest.Contains(
		t,
		webtest.WantStatus(t, r.PostForm(r.Jana, chat+"/requests", bad, true), 422),
		[]string{`href="#request-title"`, `id="request-title-error"`},
		nil,
	)

	form := url.Values{
		"title":       {"Ztracená objednávka"},
		"description": {"kde je\r\nobjednávka?"},
		"status":      {"new"},
		"priority":    {"urgent"},
		"due":         {"2026-11-19"},
		"tags":        {"objednávka, VIP, vip"},
		"message":     {message},
		"company":     {"Dvůr"},
	}
	w := r.PostForm(r.Jana, chat+"/requests", form, true)
	webtest.Contains(
		t,
		webtest.WantStatus(t, w, 200),
		[]string{
			"was created",
			"Ztracená objednávka",
			`aria-current="true"`,
			`data-state="late"`,
			`id="m-` + message,
			"kde je\nobjednávka?</textarea>",
			"objednávka, VIP",
		},
		[]string{"VIP, vip"},
	)
	address := w.Header().Get("HX-Replace-Url")
	webtest.Contains(
		t,
		webtest.WantStatus(t, r.Get(r.Jana, address, false), 200),
		[]string{"data-request-selected", "Add to the selected request", `value="Ztracená objednávka"`},
		nil,
	)
	webtest.Contains(
		t,
		webtest.WantStatus(t, r.Get(r.Jana, chat, false), 200),
		[]string{"data-file-last hidden"},
		[]string{"data-request-selected"},
	)

	_, request, _ := strings.Cut(address, "request=")
	form.Set("title", "Nalezená objednávka")
	webtest.Contains(
		t,
		webtest.WantStatus(t, r.PostForm(r.Jana, chat+"/requests/"+request, form, true), 200),
		[]string{"was saved", "Nalezená"},
		nil,
	)
	webtest.Contains(
		t,
		webtest.WantStatus(t, r.Get(r.Jana, chat+"/requests?q=nalezena&selected="+request, true), 200),
		[]string{"Nalezená", "aria-current"},
		nil,
	)
	webtest.Contains(
		t,
		webtest.WantStatus(t, r.Get(r.Jana, chat+"/requests?status=closed", true), 200),
		[]string{"No request matches"},
		[]string{"Nalezená"},
	)
	webtest.Contains(
		t,
		webtest.WantStatus(t, r.Get(r.Jana, "/messages/"+message+"/requests", true), 200),
		[]string{"Nalezená", "checked"},
		nil,
	)
	webtest.Contains(
		t,
		webtest.WantStatus(t, r.PostForm(r.Jana, "/messages/"+message+"/requests", url.Values{"request": {request}}, true), 200),
		nil,
		[]string{"P-1"},
	)
	if w := r.PostForm(r.Jana, chat+"/requests", form, false); w.Code != http.StatusSeeOther ||
		!strings.Contains(w.Header().Get("Location"), "?request=") {
		t.Errorf("without script: got %d %s", w.Code, w.Header().Get("Location"))
	}
	webtest.Contains(t, webtest.WantStatus(t, r.Get(r.Jana, "/suggest/companies?company=dv", true), 200), []string{`value="Dvůr"`}, nil)
	webtest.Contains(t, webtest.WantStatus(t, r.Get(r.Jana, "/suggest/tags?tags=x,%20vi", true), 200), []string{`value="VIP"`}, nil)
}

func TestRequests_TemplateFillsTheForm(t *testing.T) {
	r := webtest.NewTalk(t)
	if err := r.Requests.AddTemplate(t.Context(), r.Eva, domain.RequestTemplate{
		Name:        "Reklamace",
		Title:       "Reklamace zboží",
		Description: "Číslo faktury:",
		Priority:    domain.High,
		Tags:        []string{"reklamace"},
	}); err != nil {
		t.Fatal(err)
	}
	list, err := r.Requests.ListTemplates(t.Context(), r.Jana)
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{
		"template":    {list[0].ID.String()},
		"description": {"kde je?"},
		"tags":        {"vip"},
		"status":      {"new"},
		"priority":    {"normal"},
	}
	out := webtest.WantStatus(t, r.PostForm(r.Jana, r.ChatPath(r.Channel)+"/requests/form", form, true), 200)
	webtest.Contains(
		t,
		out,
		[]string{`value="Reklamace zboží"`, "Číslo faktury:\n\nkde je?</textarea>", "vip, reklamace", `value="high" selected`},
		nil,
	)
}
