package views

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/i18n"
)

// allColumns are the columns of the chats table, all of them.
const allColumns = "number,source,business_number,participant,beacon,message_state,last_message,date,direction,operator,assignee,status,created"

func sampleRow(n byte) RowView {
	return RowView{
		ID: domain.ID{n}, SortKey: "001763647500000", Columns: allColumns, Number: 1048, Name: "Jana Dvořáková", Address: "+420601234567",
		Kind: domain.WhatsApp, Channel: "Brno Shop", Business: "+420601000111", Operator: "Martin Kučera", Assignee: "Alena Nováková",
		Status: domain.StatusNew, Tone: "blue", Waits: true, Late: true, Subject: "Objednávka 26-1234", Since: sampleNow.Add(-20 * time.Minute), Unread: 2,
		Last: GlanceView{
			Direction: domain.Incoming,
			Icon:      "image",
			Text:      "Dobrý den, posílám fotku.",
			At:        sampleNow.Add(-20 * time.Minute),
		},
		Created: sampleNow.Add(-48 * time.Hour),
	}
}

// quietRow is a row in which everything that can be missing is.
func quietRow(n byte) RowView {
	return RowView{
		ID: domain.ID{n}, Columns: allColumns, Number: 3, Name: "Web Visitor", Kind: domain.WebChat, Channel: "Web Chat",
		Status: domain.StatusPending, Created: sampleNow,
		Last: GlanceView{Direction: domain.Outgoing, Ticks: Ticks(domain.Outgoing, domain.StateRead), Kind: "kind.voice", At: sampleNow},
	}
}

func sampleFilter() ChatsFilter {
	return ChatsFilter{
		Text: "Zásilka od Jany", Query: "view=waiting", MayStart: true,
		Views: []ViewChoice{{
			Value: "all",
			Label: "chats.view.all",
			On:    true,
		}, {
			Value:   "waiting",
			Label:   "chats.view.waiting",
			Count:   4,
			Counted: true,
		}, {
			Value:   "mine",
			Label:   "chats.view.mine",
			Counted: true,
		}},
		Statuses: []FilterChoice{{Label: "chats.status.any", On: true}, {Value: "open", Label: "status.open"}},
		Channels: []FilterChoice{{Label: "chats.channel.any", On: true}, {Value: domain.ID{9}.String(), Text: "Brno Shop"}},
	}
}

func sampleTable(rows ...RowView) ChatsTable {
	return ChatsTable{
		Columns: []ColumnHead{
			{Name: "number", Label: "chats.column.number", Link: "/chats?sort=number", Aria: "none"},
			{Name: "date", Label: "chats.column.date", Link: "/chats?dir=asc", Aria: "descending"},
			{Name: "beacon", Label: "chats.column.beacon"}, {Name: "last", Label: "chats.column.last"},
		},
		Rows: rows, Order: "desc", Sort: "active", Dir: "asc",
	}
}

func init() {
	addSample("chats page, full", func(v *Views, w io.Writer, lang string) error {
		table := sampleTable(sampleRow(1), quietRow(2))
		table.More = "/chats?cursor=abc"
		return v.ChatsPage(w, ChatsPage{Shell: sampleShell(lang), Filter: sampleFilter(), Table: table, Summary: sampleSummary()})
	})
	for name, table := range map[string]ChatsTable{"nothing matches": {Filtered: true}, "empty in the demo": {Demo: true}, "empty": {}} {
		addSample("chats page, "+name, func(v *Views, w io.Writer, lang string) error {
			return v.ChatsPage(w, ChatsPage{Shell: Shell{Lang: lang, Title: "Chats"}, Table: table, Summary: SummaryView{Closed: true}})
		})
	}
	addSample("chats list after a changed filter", func(v *Views, w io.Writer, lang string) error {
		return v.ChatsList(w, lang, ChatsList{Table: sampleTable(sampleRow(1)), Live: LiveView{URL: "/live?page=chats&view=mine&after=7"}})
	})
	for _, form := range []string{"chats/columns", "chats/searched"} {
		for name, standalone := range map[string]bool{"a popover": false, "a page": true} {
			addSample(form+", "+name, func(v *Views, w io.Writer, lang string) error {
				return v.ColumnChoices(w, ColumnChoices{
					Shell:   sampleShell(lang),
					Form:    form,
					Choices: []ColumnChoice{{Name: "number", Label: "chats.column.number", On: true}, {Name: "created", Label: "chats.column.created"}},
					Query:   "view=mine", Standalone: standalone,
				})
			})
		}
	}
	addSample("next chats", func(v *Views, w io.Writer, lang string) error {
		return v.ChatsRows(w, lang, ChatsRows{Rows: []RowView{sampleRow(1)}, More: "/chats?cursor=def"})
	})
	addSample("last chats", func(v *Views, w io.Writer, lang string) error { return v.ChatsRows(w, lang, ChatsRows{}) })
	addSample("chat row", func(v *Views, w io.Writer, lang string) error { return v.ChatRow(w, lang, sampleRow(1)) })
}

func TestTicks_SayTheStateByShapeAndWord(t *testing.T) {
	for state, want := range map[domain.MessageState]TicksView{
		domain.StateQueued:    {"waiting", "clock", "state.queued"},
		domain.StateSent:      {"sent", "check", "state.sent"},
		domain.StateDelivered: {"delivered", "check-check", "state.delivered"},
		domain.StateRead:      {"read", "check-check", "state.read"},
		domain.StateFailed:    {"failed", "circle-alert", "state.failed"},
		domain.StateUncertain: {"uncertain", "circle-help", "state.uncertain"},
	} {
		if got := Ticks(domain.Outgoing, state); got != want {
			t.Errorf("%s: got %v, want %v", state, got, want)
		}
	}
	if got := Ticks(domain.Incoming, domain.StateReceived); got != (TicksView{}) {
		t.Errorf("an incoming message has ticks: %v", got)
	}
}

func TestStateWords_ExistForEveryStateAndStatus(t *testing.T) {
	for _, lang := range i18n.Languages {
		l := i18n.For(lang)
		for state := range ticks {
			if got := l.T("state." + string(state)); strings.Contains(got, "⟦") {
				t.Errorf("%s: no word for the state %s", lang, state)
			}
		}
		for _, s := range append(domain.RequestStatuses, domain.ConversationStatuses...) {
			if got := l.T("status." + string(s)); strings.Contains(got, "⟦") {
				t.Errorf("%s: no word for the status %s", lang, s)
			}
		}
	}
}

// The page, the next rows and the live stream must not draw the same conversation differently.
func TestChatRow_IsTheSameOnThePageAndLive(t *testing.T) {
	v := newViews(t)
	var row, page, live bytes.Buffer
	r := sampleRow(1)
	for _, err := range []error{
		v.ChatRow(&row, "cs", r),
		v.ChatsPage(&page, ChatsPage{Shell: Shell{Lang: "cs"}, Table: sampleTable(r)}),
		v.LiveRow(&live, "cs", r),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	want := strings.TrimSpace(row.String())
	for name, got := range map[string]string{"page": page.String(), "stream": live.String()} {
		if !strings.Contains(got, want) {
			t.Errorf("the %s draws the row differently", name)
		}
	}
}

func TestChatRow_CarriesNothingThatHtmxWouldRun(t *testing.T) {
	var b bytes.Buffer
	if err := newViews(t).ChatRow(&b, "en", sampleRow(1)); err != nil {
		t.Fatal(err)
	}
	for _, attribute := range []string{"hx-get", "hx-post", "hx-trigger"} {
		if strings.Contains(b.String(), attribute) {
			t.Errorf("a row has %s: rows are placed by script and must need no processing", attribute)
		}
	}
}
