package live

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/store"
	"pult/handlers/web"
)

// asked is what a page was answered.
type asked struct {
	status       int
	body         string
	number, have string
	more         bool
}

// ask is a page of an operator that asks for its news.
func ask(t *testing.T, n *News, who *domain.Operator, query string) asked {
	t.Helper()
	answer := httptest.NewRecorder()
	c := echo.New().NewContext(httptest.NewRequest(http.MethodGet, "/live/news?"+query, nil), answer)
	web.SetOperator(c, who)
	if err := n.Answer(c); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	h := answer.Header()
	return asked{answer.Code, answer.Body.String(), h.Get(headerNumber), h.Get(headerHave), h.Get(headerMore) != ""}
}

func TestNews_PageGetsWhatChangedSinceItsNumberAndNothingTwice(t *testing.T) {
	d := busy(t)
	n := liveOf(d).News
	after := strconv.FormatUint(d.Connections.LastEventNumber(t.Context()), 10)
	d.Say(d.Channel, novak, "Haló, jste tam?")
	first := ask(t, n, d.Jana, "page=chats&after="+after)
	contains(t, first.body, []string{`hx-swap="row"`, "Haló, jste tam?", `hx-target="#tabs"`}, []string{"Bellevue</bdi></a></td>", "Tajný"})
	newest := strconv.FormatUint(d.Connections.LastEventNumber(t.Context()), 10)
	if first.number != newest || first.more {
		t.Errorf("the page is at %s, more %v, want %s and all told", first.number, first.more, newest)
	}
	if again := ask(t, n, d.Jana, "page=chats&after="+newest+"&have="+first.have); again.body != "" || again.have != first.have {
		t.Errorf("nothing happened since, and the page gets %q", again.body)
	}
	d.Say(d.Channel, bella, "Bonjour ?")
	third := ask(t, n, d.Jana, "page=chats&after="+newest+"&have="+first.have)
	contains(t, third.body, []string{"Bonjour ?"}, []string{`hx-target="#tabs"`, "Haló"})
}

func TestNews_WaitsGrowWithoutAnythingHappening(t *testing.T) {
	d := busy(t)
	n := liveOf(d).News
	first := ask(t, n, d.Jana, "page=chats&after=0")
	d.Clock.Move(10 * time.Minute)
	again := ask(t, n, d.Jana, "page=chats&after="+first.number+"&have="+first.have)
	contains(t, again.body, []string{`hx-target="#summary-body"`}, []string{`hx-target="#tabs"`, `hx-swap="row"`})
}

func TestNews_AnotherTeamsConversationIsNotInIt(t *testing.T) {
	d := busy(t)
	n := liveOf(d).News
	secret := d.With(d.Private, hidden).ID.String()
	for _, page := range []string{"page=chats", "page=other", "page=conversation&id=" + secret} {
		if got := ask(t, n, d.Jana, page+"&after=0"); got.status != http.StatusOK {
			t.Errorf("%s: status %d", page, got.status)
		} else {
			contains(t, got.body, nil, []string{"Tajný", "tajné", secret})
		}
	}
	contains(t, ask(t, n, d.Petr, "page=chats&after=0").body, []string{"Tajný"}, nil)
}

func TestNews_EqualQuestionsOfAReaderAreAnsweredOnce(t *testing.T) {
	d := busy(t)
	n := liveOf(d).News
	for range 3 {
		ask(t, n, d.Jana, "page=chats&after=0")
	}
	ask(t, n, d.Petr, "page=chats&after=0")
	if got := n.answered.kept.Len(); got != 2 {
		t.Errorf("%d answers were made for two readers, want 2", got)
	}
	d.Say(d.Channel, novak, "x")
	ask(t, n, d.Jana, "page=chats&after=0")
	if got := n.answered.kept.Len(); got != 3 {
		t.Errorf("%d answers after something happened, want 3", got)
	}
}

// Far more happened than one answer tells, and more than the ring holds.
func TestNews_LongAbsenceIsToldInPiecesUpToTheNewest(t *testing.T) {
	d := busy(t)
	n := liveOf(d).News
	number := d.Connections.LastEventNumber(t.Context())
	c := d.With(d.Channel, novak)
	const missed = 2600
	for at := 0; at < missed; at += 200 {
		err := d.Store.Update(t.Context(), func(tx *store.Tx) error {
			for range 200 {
				tx.Record(domain.Event{Kind: domain.EventConversationChanged, ConversationID: c.ID, ChannelID: c.ChannelID})
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	answers := 0
	for more := true; more; answers++ {
		got := ask(t, n, d.Jana, "page=chats&after="+strconv.FormatUint(number, 10))
		next, err := strconv.ParseUint(got.number, 10, 64)
		if err != nil || next < number || answers > missed {
			t.Fatalf("after %d the page is at %q", number, got.number)
		}
		number, more = next, got.more
	}
	if want := d.Connections.LastEventNumber(t.Context()); number != want || answers < missed/newsAtOnce {
		t.Errorf("at %d after %d answers, want %d", number, answers, want)
	}
}

func TestNews_ForgottenOrForeignNumberLoadsThePageAnew(t *testing.T) {
	d := busy(t)
	n := liveOf(d).News
	if got := ask(t, n, d.Jana, "page=chats&after=999999"); got.status != http.StatusResetContent {
		t.Errorf("a number of another store: status %d, want %d", got.status, http.StatusResetContent)
	}
}
