package handlers_test

import (
	"html"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pult/domain"
	"pult/domain/store"
	"pult/internal/webtest"
)

// changesOnly are the routes of signed-in people that make nothing, so that sending twice leaves what sending once
// does, and those whose second time is held elsewhere.
var changesOnly = map[string]string{
	"/profile":                             "sets one's own fields",
	"/profile/password":                    "sets the password",
	"/profile/sessions/end-others":         "ends",
	"/profile/sessions/:session/end":       "ends",
	"/profile/presence":                    "sets",
	"/operators/columns":                   "sets",
	"/operators/:id":                       "sets",
	"/chats/columns":                       "sets",
	"/chats/searched":                      "sets",
	"/chats/summary":                       "sets",
	"/chats/rows/:id/no-reply":             "sets",
	"/chats/rows/:id/assign":               "sets",
	"/chats/rows/:id/resolve":              "sets",
	"/chats/rows/:id/unread":               "sets",
	"/chats/new/templates/preview":         "shows",
	"/chats/:id/open":                      "sets",
	"/chats/:id/unread":                    "sets",
	"/chats/:id/status":                    "sets",
	"/chats/:id/assign":                    "sets",
	"/contacts/:id/merge":                  "joins one that is then gone",
	"/chats/:id/no-reply":                  "sets",
	"/chats/:id/presence":                  "is forgotten in seconds",
	"/chats/:id/close":                     "closes a tab",
	"/chats/:id/draft":                     "sets the one draft",
	"/chats/:id/uploads":                   "a file that no message names is removed after a day",
	"/chats/:id/uploads/:file/remove":      "removes",
	"/chats/:id/templates/preview":         "shows",
	"/chats/:id/requests/form":             "shows",
	"/chats/:id/requests/:request":         "sets",
	"/channels/:id/templates":              "reads the provider's list",
	"/messages/:id/requests":               "files, or takes out",
	"/messages/:id/retry":                  "only of one that failed, which it is not any more",
	"/messages/:id/mark-sent":              "sets",
	"/messages/:id/fetch":                  "fetches what is not there",
	"/messages/:id/react":                  "sets the one reaction",
	"/calls/:id/hangup":                    "ends",
	"/calls/:id/hold":                      "sets",
	"/calls/:id/note":                      "sets the one note",
	"/calls/:id/dismiss":                   "sets",
	"/settings/channels/fields":            "shows",
	"/settings/channels/login":             "an attempt connects nothing and ends by itself",
	"/settings/channels/login/:id":         "TestLogin_ChosenAccountBecomesAChannel",
	"/settings/channels/login/:id/again":   "the same attempt",
	"/settings/channels/:id":               "sets",
	"/settings/channels/:id/enabled":       "sets",
	"/settings/channels/:id/remove":        "removes",
	"/settings/channels/:id/operators":     "sets",
	"/settings/channels/:id/responses":     "sets the one greeting",
	"/settings/channels/:id/ticks":         "sets",
	"/settings/channels/:id/health/check":  "asks",
	"/settings/channels/:id/health/public": "asks",
	"/settings/channels/:id/appearance":    "sets",
	"/settings/chats":                      "sets",
	"/settings/journal/:id/replay":         "an entry is taken in once",
	"/settings/journal/:id/drop":           "removes",
	"/settings/jobs/:id/retry":             "only of one that failed",
	"/settings/jobs/:id/drop":              "removes",
}

// making is a form that makes something.
type making struct {
	who  *domain.Operator
	page string // on which the form stands
	path string // to which it is sent
	form url.Values
}

// makings are all forms that make something, by route.
func makings(d *webtest.Desk, line, mail domain.Channel) map[string]making {
	chat, contact := d.With(d.Channel, webtest.Novak).ID.String(), d.With(d.Channel, webtest.Novak).ContactID.String()
	return map[string]making{
		"/chats/:id/requests": {d.Jana, "/chats/" + chat, "/chats/" + chat + "/requests", url.Values{"title": {"A lamp"}}},
		"/operators": {d.Eva, "/operators/new", "/operators", url.Values{
			"name": {"Nadia Nová"}, "email": {"nadia@pult.example"}, "role": {"operator"}, "language": {"fr"}, "password": {"pommes vertes 26"},
		}},
		"/settings/channels": {d.Eva, "/settings/channels/add/whatsapp", "/settings/channels", url.Values{
			"driver": {"test"}, "name": {"Prodej"}, "f_account": {"300000000000001"}, "f_number": {"+420777888999"},
			"f_test_token": {"token"}, "f_verify": {"random-token"},
		}},
		"/settings/channels/:id/health/try": {
			d.Eva, "/settings/channels/" + d.Channel.ID.String() + "/health", "/settings/channels/" + d.Channel.ID.String() + "/health/try",
			url.Values{"to": {"+420777000333"}, "text": {"A test"}},
		},
		"/calls/log": {d.Jana, "/calls/new?log=1&contact=" + contact + "&conversation=" + chat, "/calls/log", url.Values{
			"direction": {"out"}, "outcome": {"ended"}, "minutes": {"3"},
		}},
		"/calls": {d.Jana, "/calls/new?contact=" + contact, "/calls", url.Values{"channel": {line.ID.String()}, "contact": {contact}}},
		"/chats/new": {d.Jana, "/chats/new?channel=" + mail.ID.String() + "&address=somebody@example.org", "/chats/new", url.Values{
			"subject": {"Hello"}, "text": {"Good morning"},
		}},
		"/chats/:id/reply": {d.Jana, "/chats/" + chat, "/chats/" + chat + "/reply", url.Values{"text": {"It is on its way"}}},
	}
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([a-z_]+)" value="([^"]*)"`)

// readForm reads the hidden fields of the form on a page that is sent to a path.
func readForm(t *testing.T, page, path string) url.Values {
	t.Helper()
	var form string
	for part := range strings.SplitSeq(page, "<form") {
		if head, _, _ := strings.Cut(part, ">"); strings.Contains(head, `method="post"`) && strings.Contains(head, `action="`+path+`"`) {
			form = part
		}
	}
	if form == "" {
		t.Fatalf("the page has no form for %s", path)
	}
	form, _, _ = strings.Cut(form, "</form>")
	fields := url.Values{}
	for _, m := range hiddenField.FindAllStringSubmatch(form, -1) {
		fields.Set(m[1], html.UnescapeString(m[2]))
	}
	return fields
}

// newMaker is a desk on which everything can be made: Novák wrote, Jana can call, and letters can be sent.
func newMaker(t *testing.T) (d *webtest.Desk, line, mail domain.Channel) {
	t.Helper()
	d = webtest.New(t)
	d.Say(d.Channel, webtest.Novak, "Where is my lamp?")
	line = d.AddVoiceChannel("line")
	d.Phone(d.Jana, "+420777000001")
	return d, line, d.Mailbox()
}

// tally counts everything that forms can make.
func tally(d *webtest.Desk) map[string]int {
	d.T.Helper()
	d.Settle()
	n := map[string]int{"sent": len(d.Vendor.Sent()), "calls": len(d.Voice.Dialled())}
	d.View(func(tx *store.Tx) error {
		operators, err := tx.Operators()
		if err != nil {
			return err
		}
		channels, err := tx.Channels()
		if err != nil {
			return err
		}
		n["operators"], n["channels"] = len(operators), len(channels)
		conversations := map[domain.ID]bool{}
		err = tx.EachMessage(func(m *domain.Message) error {
			n["messages"]++
			conversations[m.ConversationID] = true
			return nil
		})
		if err != nil {
			return err
		}
		n["conversations"] = len(conversations)
		n["requests"], err = tx.CountRequestsOf(d.With(d.Channel, webtest.Novak).ID, 1000)
		return err
	})
	return n
}

// A form that arrives again, because somebody clicked twice or the first answer was lost, makes one thing.
func TestForms_SentTwiceMakeOneThing(t *testing.T) {
	for route := range makings(newMaker(t)) {
		t.Run(strings.Trim(route, "/"), func(t *testing.T) {
			d, line, mail := newMaker(t)
			m := makings(d, line, mail)[route]
			form := readForm(t, d.Get(m.who, m.page, false).Body.String(), m.path)
			maps.Copy(form, m.form)
			if route == "/chats/:id/reply" {
				form.Set("id", d.NewID().String()) // the script gives an answer its name
			}
			before, first := tally(d), map[string]int(nil)
			for _, fragment := range []bool{true, true, false} {
				w := d.PostForm(m.who, m.path, form, fragment)
				// What came of a trial is not kept: that it was sent already is all that can be said.
				told := first != nil && strings.HasSuffix(route, "/try") && w.Code == http.StatusConflict
				if w.Code >= http.StatusBadRequest && !told {
					t.Fatalf("got %d: %.300s", w.Code, w.Body)
				}
				if first == nil {
					first = tally(d)
				}
			}
			if maps.Equal(before, first) || !maps.Equal(first, tally(d)) {
				t.Errorf("before %v, after the first time %v, after the third %v", before, first, tally(d))
			}
		})
	}
}

// Every route that changes something is in one of the two lists: whoever adds one says which.
func TestForms_EveryRouteIsKnownToMakeSomethingOrNot(t *testing.T) {
	d, line, mail := newMaker(t)
	all := makings(d, line, mail)
	for _, r := range d.Server.Routes() {
		if r.Method != http.MethodPost || slices.Contains(openPaths, r.Path) {
			continue
		}
		_, makes := all[r.Path]
		if why := changesOnly[r.Path]; makes == (why != "") {
			t.Errorf("POST %s makes something: %v, and only changes: %q; want one of them", r.Path, makes, why)
		}
	}
}
