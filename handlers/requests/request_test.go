package requests_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"pult/domain"
	"pult/domain/store"
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

// A conversation with very many requests is a page like any other, and the rest comes when it is asked for.
func TestRequests_ManyAreShownAPageAtATime(t *testing.T) {
	d := webtest.NewTalk(t)
	c := d.With(d.Channel, webtest.Novak)
	path := d.ChatPath(d.Channel)
	few := len(webtest.WantStatus(t, d.Get(d.Jana, path, false), 200))
	const many = 700
	for next := 0; next < many; next += 50 {
		err := d.Store.Update(t.Context(), func(tx *store.Tx) error {
			for i := range 50 {
				r := domain.Request{
					ID: tx.NewID(), Number: uint64(next+i) + 1, ConversationID: c.ID, ChannelID: c.ChannelID, Title: "Zakázka",
					Status: domain.StatusOpen, Priority: domain.Normal,
				}
				if err := tx.PutRequest(&r, d.Channel.Short); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	page := webtest.WantStatus(t, d.Get(d.Jana, path, false), 200)
	if grown := len(page) - few; grown > 60<<10 {
		t.Errorf("the page grew by %d bytes", grown)
	}
	seen := map[string]bool{}
	note := func(body string) {
		for _, part := range strings.Split(body, `data-request="`)[1:] {
			if id := part[:26]; seen[id] {
				t.Fatalf("%s is shown twice", id)
			} else {
				seen[id] = true
			}
		}
	}
	note(page)
	first := len(seen)
	for body := page; ; {
		_, rest, more := strings.Cut(body, `hx-get="`+path+`/requests?before=`)
		if !more {
			break
		}
		target := path + "/requests?before=" + rest[:26] + "&shown=" + fmt.Sprint(len(seen))
		body = webtest.WantStatus(t, d.Get(d.Jana, target, true), 200)
		if len(body) > 60<<10 || !strings.Contains(body, "autofocus") {
			t.Fatalf("got %d bytes for a page of requests, or the caret goes nowhere", len(body))
		}
		note(body)
	}
	if len(seen) != many || first > 50 {
		t.Errorf("got %d requests, %d of them on the first page; want %d and at most 50", len(seen), first, many)
	}
	// a list that was unfolded stays unfolded when it is drawn again, within bounds
	for shown, want := range map[string]int{"90": 90, "100000": 200, "-3": first, "x": first} {
		body := webtest.WantStatus(t, d.Get(d.Jana, path+"/requests?shown="+shown, true), 200)
		if got := strings.Count(body, `data-request="`); got != want {
			t.Errorf("with %s shown: got %d requests, want %d", shown, got, want)
		}
	}
	// without script the link leads to a page that goes on
	_, rest, _ := strings.Cut(page, path+"?requests=")
	webtest.Contains(t, webtest.WantStatus(t, d.Get(d.Jana, path+"?requests="+rest[:26], false), 200),
		[]string{`id="request-title"`, `data-code="P-` + fmt.Sprint(many-first) + `"`}, []string{`data-code="P-` + fmt.Sprint(many) + `"`})
	// the same holds for the choice of a message's requests
	message := c.LastInboundID.String()
	filing := webtest.WantStatus(t, d.Get(d.Jana, "/messages/"+message+"/requests", true), 200)
	if n := strings.Count(filing, `type="checkbox"`); n == 0 || n > 50 {
		t.Errorf("got %d requests to choose from, want at most 50", n)
	}
	_, rest, _ = strings.Cut(filing, "/messages/"+message+"/requests?before=")
	next := webtest.WantStatus(t, d.Get(d.Jana, "/messages/"+message+"/requests?before="+rest[:26], true), 200)
	webtest.Contains(t, next, []string{`type="checkbox"`, `id="filing-more"`}, []string{"<dialog"})
}
