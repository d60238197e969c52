package live

import (
	"bufio"
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/auth"
	"pult/handlers/present"
	"pult/handlers/web"
	"pult/internal/desktest"
	"pult/views"
)

// openDesk is a small real desk whose pages are open.
type openDesk struct {
	*desktest.Desk
	views *views.Views
}

func newOpenDesk(t *testing.T) *openDesk {
	t.Helper()
	d := desktest.New(t)
	drawing, err := views.New(views.Options{Zone: time.UTC, Now: d.Clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	return &openDesk{Desk: d, views: drawing}
}

var (
	novak  = desktest.Customer("Tomáš Novák", "+420777000111")
	bella  = desktest.Customer("Hôtel Bellevue", "+33612345678")
	hidden = desktest.Customer("Tajný Zákazník", "+420777000999")
)

// busy is a desk with two conversations that everybody may see and one on Petr's channel.
func busy(t *testing.T) *openDesk {
	t.Helper()
	d := newOpenDesk(t)
	d.Say(d.Channel, novak, "Dobrý den, kde je objednávka?")
	d.Clock.Move(time.Minute)
	d.Say(d.Channel, bella, "Bonjour, avez-vous reçu le bon ?")
	d.Clock.Move(time.Minute)
	d.Say(d.Private, hidden, "Toto je tajné: objednávka 77")
	return d
}

func contains(t *testing.T, body string, has, hasNot []string) {
	t.Helper()
	for _, want := range has {
		if !strings.Contains(body, want) {
			t.Errorf("does not contain %q", want)
		}
	}
	for _, bad := range hasNot {
		if strings.Contains(body, bad) {
			t.Errorf("contains %q", bad)
		}
	}
}

func bundlesOf(d *openDesk) *bundles {
	return newBundles(Options{
		Calls:       d.Calls,
		Chats:       d.Chats,
		Connections: d.Connections,
		People:      d.People,
		Hub:         d.Hub,
		Views:       d.views,
		Zone:        time.UTC,
		Now:         d.Clock.Now,
	})
}

// page is somebody's open table.
func page(o *domain.Operator, query string) *reading {
	q, _ := url.ParseQuery(query)
	l := present.ReadChatsList(q)
	l.Columns = present.ShownColumns(o)
	return &reading{who: o, lang: "en", page: present.PageChats, list: l}
}

func TestBundles_RowFollowsTheList(t *testing.T) {
	d := busy(t)
	open, secret := d.With(d.Channel, novak), d.With(d.Private, hidden)
	for name, c := range map[string]struct {
		who         *domain.Operator
		query       string
		about       domain.Conversation
		has, hasNot []string
	}{
		"it is put in its place":            {d.Jana, "", open, []string{`hx-target="#chat-rows" hx-swap="row"`, "Tomáš Novák", "data-place="}, nil},
		"it still waits":                    {d.Jana, "view=waiting", open, []string{`hx-swap="row"`}, nil},
		"it is not mine":                    {d.Jana, "view=mine", open, []string{`hx-target="#row-` + open.ID.String() + `" hx-swap="delete"`}, []string{"Tomáš"}},
		"it is not resolved":                {d.Jana, "status=resolved", open, []string{`hx-swap="delete"`}, []string{"Tomáš"}},
		"finds are changed but never added": {d.Jana, "q=tomas", open, []string{`hx-target="#row-` + open.ID.String() + `" hx-swap="outerMorph"`, "Tomáš"}, []string{"#chat-rows"}},
		"another team's chat shows nothing": {d.Jana, "", secret, []string{`hx-swap="delete"`}, []string{"Tajný", "tajné"}},
		"its own team sees it":              {d.Petr, "", secret, []string{"Tajný Zákazník"}, nil},
	} {
		var out bytes.Buffer
		e := domain.Event{Seq: 1000, Kind: domain.EventConversationChanged, ConversationID: c.about.ID, ChannelID: c.about.ChannelID}
		if err := bundlesOf(d).drawEvent(t.Context(), page(c.who, c.query), e, &out); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		t.Run(name, func(t *testing.T) { contains(t, out.String(), c.has, c.hasNot) })
	}
}

func TestBundles_OneDrawingServesReadersOfTheSameList(t *testing.T) {
	d := busy(t)
	b := bundlesOf(d)
	e := domain.Event{Seq: 1000, Kind: domain.EventConversationChanged, ConversationID: d.With(d.Channel, novak).ID}
	kept := func(readers ...*reading) int {
		for _, r := range readers {
			if err := b.drawEvent(t.Context(), r, e, &bytes.Buffer{}); err != nil {
				t.Fatal(err)
			}
		}
		return b.drawn.kept.Len()
	}
	if got := kept(page(d.Jana, ""), page(d.Petr, ""), page(d.Karel, "")); got != 1 {
		t.Errorf("three readers of one list: %d drawings, want 1", got)
	}
	french := page(d.Jana, "")
	french.lang = "fr"
	if got := kept(french, page(d.Jana, "view=mine"), page(d.Petr, "view=mine")); got != 4 {
		t.Errorf("another language and two who look at their own: %d drawings, want 4", got)
	}
}

func TestParts_NumbersReachRailViewsSummaryAndTeam(t *testing.T) {
	d := busy(t)
	if err := d.Chats.Open(t.Context(), d.Jana, d.With(d.Channel, novak).ID); err != nil {
		t.Fatal(err)
	}
	contains(
		t,
		partsOf(t, d, page(d.Jana, "")),
		[]string{
			`hx-target="#rail-waiting"`,
			`hx-target="#count-waiting"`,
			`hx-target="#summary-body"`,
			`hx-target="#team"`,
			`hx-target="#tabs"`,
			"Tomáš Novák",
		},
		[]string{"Tajný"},
	)
	contains(
		t,
		partsOf(t, d, &reading{who: d.Jana, lang: "en", page: present.PageOther}),
		[]string{`hx-target="#rail-waiting"`, `hx-target="#tabs"`},
		[]string{"#summary-body", "#team", "#count-waiting", `aria-current`},
	)
	conversation := &reading{who: d.Jana, lang: "en", page: present.PageConversation, conversation: d.With(d.Channel, novak).ID}
	contains(t, partsOf(t, d, conversation), []string{`id="viewers"`, `aria-current`}, []string{"#team"})
}

func TestKeepLast_OneDrawingOfEachThing(t *testing.T) {
	a, b := domain.ID{1}, domain.ID{2}
	got := keepLast([]domain.Event{
		{Seq: 1, Kind: domain.EventMessageAdded, ConversationID: a, MessageID: a},
		{Seq: 2, Kind: domain.EventConversationChanged, ConversationID: a},
		{Seq: 3, Kind: domain.EventMessageChanged, ConversationID: a, MessageID: a},
		{Seq: 4, Kind: domain.EventMessageChanged, ConversationID: a, MessageID: b},
		{Seq: 5, Kind: domain.EventMessageChanged, ConversationID: a, MessageID: b},
		{Seq: 6, Kind: domain.EventConversationChanged, ConversationID: b},
		{Seq: 7, Kind: domain.EventConversationChanged, ConversationID: a},
	})
	var seqs []uint64
	for _, e := range got {
		seqs = append(seqs, e.Seq)
	}
	if want := []uint64{1, 5, 6, 7}; !slices.Equal(seqs, want) {
		t.Errorf("got %v, want %v: what was added is drawn as it is now, and each thing once", seqs, want)
	}
}

// liveOf is the room over a real desk.
func liveOf(d *openDesk) *Live {
	signIn := auth.New(d.Store, auth.Options{Now: d.Clock.Now, Idle: time.Hour, Absolute: time.Hour})
	log := slog.New(slog.DiscardHandler)
	return New(Options{
		Calls:       d.Calls,
		Chats:       d.Chats,
		Connections: d.Connections,
		People:      d.People,
		Auth:        signIn,
		Hub:         d.Hub,
		Views:       d.views,
		Page: web.NewPages(web.PagesOptions{
			Calls: d.Calls, Chats: d.Chats, Connections: d.Connections, Auth: signIn, Views: d.views,
			Now: d.Clock.Now, Zone: time.UTC, Log: log,
		}),
		Zone: time.UTC,
		Now:  d.Clock.Now,
		Log:  log,
	})
}

// The whole way over a real connection: a customer writes, and the browser learns of it.
func TestLive_CustomerWritesAndTheBrowserLearnsOfIt(t *testing.T) {
	d := busy(t)
	h := liveOf(d).Stream
	h.readers.peek = (&sessionsOfTest{who: *d.Jana}).Peek
	e := echo.New()
	e.GET("/live", func(c echo.Context) error {
		web.SetOperator(c, d.Jana)
		return h.Serve(c)
	})
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop() // before the server closes: it waits for open answers
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/live?after=0", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	lines := bufio.NewScanner(answer.Body)
	open, secret := d.With(d.Channel, novak).ID.String(), d.With(d.Private, hidden).ID.String()
	contains(t, until(t, lines, "event: counts"), []string{open}, []string{secret})

	d.Say(d.Private, hidden, "Nobody but Petr may read this")
	d.Say(d.Channel, novak, "Haló, jste tam?")
	contains(t, until(t, lines, `"fresh":true`), []string{`{"c":"` + open + `","row":true,"fresh":true}`}, []string{secret, "Haló"})
}

// until reads up to the line with the text.
func until(t *testing.T, lines *bufio.Scanner, text string) string {
	t.Helper()
	var read strings.Builder
	for lines.Scan() {
		read.WriteString(lines.Text() + "\n")
		if strings.Contains(lines.Text(), text) {
			return read.String()
		}
	}
	t.Fatalf("the stream ended before %q: %v\n%s", text, lines.Err(), read.String())
	return ""
}

func TestBundles_SwitchedModuleShowsAndHidesItsEntries(t *testing.T) {
	d := busy(t)
	b, e := bundlesOf(d), domain.Event{Seq: 1000, Kind: domain.EventModuleChanged}
	for _, c := range []struct {
		on          bool
		has, hasNot []string
	}{
		{false, []string{`hx-target="#rail-chats"`}, []string{`href="/chats"`}},
		{true, []string{`hx-target="#rail-chats"`, `href="/chats"`, `href="/search"`}, nil},
	} {
		if err := d.Connections.SwitchChats(t.Context(), d.Eva, c.on); err != nil {
			t.Fatal(err)
		}
		r := page(d.Jana, "")
		for _, r.page = range []string{present.PageOther, present.PageChats, present.PageConversation} {
			var out bytes.Buffer
			if err := b.drawEvent(t.Context(), r, e, &out); err != nil {
				t.Fatal(err)
			}
			contains(t, out.String(), c.has, c.hasNot)
			parts := partsOf(t, d, r)
			if strings.Contains(parts, `id="rail-waiting" hidden`) == c.on || strings.Contains(parts, `class="tab-link" href="/chats"`) != c.on {
				t.Errorf("%s, on %v: the parts are\n%s", r.page, c.on, parts)
			}
		}
	}
}
