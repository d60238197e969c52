package desk_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/calls"
	"pult/domain/desk/channels"
	"pult/domain/desk/chats"
	"pult/domain/desk/letters"
	"pult/domain/desk/outbound"
	"pult/domain/desk/people"
	"pult/domain/desk/requests"
	"pult/domain/store"
	"pult/internal/desktest"
)

// trusted are methods that are called inside a use case which has asked for the right already.
var trusted = map[string]string{
	"Thread.MarkAnswered": "moves on a conversation that the use case found for its operator",
}

// What a method gives to an operator of another team.
const (
	notFound  = "not found"     // what Petr's team has does not exist
	forbidden = "forbidden"     // it takes the right of an administrator
	nothing   = "nothing"       // it succeeds and tells nothing of Petr's
	everybody = "for everybody" // it is about the desk as a whole or about oneself: whoever has a role may
)

// errSeen is what a try of a list gives when something of Petr's is in it.
var errSeen = errors.New("something of the other team is seen")

func seen(is bool, err error) error {
	if err == nil && is {
		err = errSeen
	}
	return err
}

// attempt calls one method about something of Petr's.
type attempt struct {
	method string
	want   string
	try    func(who *domain.Operator) error
}

// petrs is what Petr's team has, one of each.
type petrs struct {
	*desktest.Desk
	chat, letterChat domain.Conversation
	// what Anna wrote; one with a file that cannot be fetched; an answer that did not arrive
	message, file, failed domain.Message
	letter, call          domain.Message
	upload                domain.File
	request               domain.Request
	line, mail            domain.Channel
	parked, job           domain.ID
}

func newPetrs(t *testing.T) *petrs {
	d := &petrs{Desk: desktest.New(t)}
	ctx := t.Context()
	d.chat = d.Say(d.Private, desktest.Bob, "tajné heslo lampa")
	photo := d.Text(d.Private, desktest.Bob, "")
	photo.Kind, photo.Attachments = domain.KindImage, []domain.Attachment{{State: domain.FileFetching, VendorID: "gone", MIME: "image/png"}}
	d.Post(d.Private, carrier.Batch{Messages: []carrier.InboundMessage{photo}})
	said := d.Thread(d.chat.ID)
	d.message, d.file = said[0], said[1]
	d.request = d.NewRequest(d.Petr, d.chat.ID, "Lampa")
	var err error
	if d.upload, err = d.Files.Upload(ctx, d.Petr, d.chat.ID, "a.txt", "text/plain", strings.NewReader("text")); err != nil {
		t.Fatal(err)
	}
	d.Vendor.Answer(func(carrier.Outgoing) (carrier.Receipt, error) {
		return carrier.Receipt{}, &carrier.Error{Class: carrier.Unauthorised, Code: "190", Key: "provider.unauthorised"}
	})
	d.failed = d.Answer(d.Petr, d.chat.ID, "nedorazilo") // and the channel fails
	d.chat = d.Say(d.Private, desktest.Bob, "Jste tam?")

	d.mail = d.Mailbox(d.Petr.ID)
	in := d.MailFrom(d.mail, "Jana", desktest.JanaMail, "Order", "text")
	in.HTML, in.Source = "<p>secret</p>", true
	d.letterChat = d.Receive(d.mail, in)
	d.letter = d.Thread(d.letterChat.ID)[0]

	d.line = d.AddVoiceChannel("line", d.Petr.ID)
	d.Phone(d.Petr, "+420777000002")
	d.Phone(d.Jana, "+420777000001")
	if d.call, err = d.Calls.Start(ctx, d.Petr, calls.NewCall{ContactID: d.chat.ContactID, ChannelID: d.line.ID}); err != nil {
		t.Fatal(err)
	}
	d.Settle()
	broken := desktest.Webhook(carrier.Batch{})
	broken.Body = []byte("{")
	if err := d.Inbound.Accept(ctx, d.Private.Key, broken); err != nil {
		t.Fatal(err)
	}
	d.Settle()
	d.Update(func(tx *store.Tx) error {
		jana, err := tx.Operator(d.Jana.ID)
		if err != nil {
			return err
		}
		petr, err := tx.Operator(d.Petr.ID)
		if err != nil {
			return err
		}
		petr.Preferences.OpenTabs = []domain.ID{d.chat.ID}
		jana.Preferences.OpenTabs = petr.Preferences.OpenTabs // from when she was in his team
		parked, err := tx.ParkedEntries(1)
		if len(parked) != 1 {
			t.Fatalf("%d entries are parked, want one", len(parked))
		}
		d.parked = parked[0].ID
		return errors.Join(err, tx.PutOperator(&jana), tx.PutOperator(&petr))
	})
	d.View(func(tx *store.Tx) error {
		id, ok, err := tx.NextInLane("check/" + d.Private.ID.String())
		if !ok {
			t.Error("the private channel has no job")
		}
		d.job = id
		return err
	})
	return d
}

func hasRow(id domain.ID, rows []chats.Row) bool {
	return slices.ContainsFunc(rows, func(r chats.Row) bool { return r.ID == id })
}

func hasChannel(id domain.ID, list []*domain.Channel) bool {
	return slices.ContainsFunc(list, func(c *domain.Channel) bool { return c.ID == id })
}

// attempts calls every method that takes an operator. What destroys comes last, because the list is gone through by
// Petr as well.
func (d *petrs) attempts(ctx context.Context) []attempt {
	session := []byte("session")
	keep := func(*store.Tx, *carrier.Connection, *domain.Conversation) error { return nil }
	keepMessage := func(*store.Tx, *carrier.Connection, *domain.Message) error { return nil }
	return slices.Concat(d.readings(ctx), []attempt{
		{"Thread.ChangeConversation", notFound, func(who *domain.Operator) error {
			return d.Desk.Desk.Thread.ChangeConversation(ctx, who, d.chat.ID, keep)
		}},
		{"Thread.ChangeMessage", notFound, func(who *domain.Operator) error {
			return d.Desk.Desk.Thread.ChangeMessage(ctx, who, d.message.ID, keepMessage)
		}},

		{"Chats.Open", notFound, func(who *domain.Operator) error { return d.Chats.Open(ctx, who, d.chat.ID) }},
		{"Chats.MarkUnread", notFound, func(who *domain.Operator) error { return d.Chats.MarkUnread(ctx, who, d.chat.ID) }},
		{"Chats.NoReplyNeeded", notFound, func(who *domain.Operator) error { return d.Chats.NoReplyNeeded(ctx, who, d.chat.ID, false) }},
		{"Chats.Assign", notFound, func(who *domain.Operator) error { return d.Chats.Assign(ctx, who, d.chat.ID, who.ID) }},
		{"Chats.SaveDraft", notFound, func(who *domain.Operator) error {
			return d.Chats.SaveDraft(ctx, who, domain.Draft{ConversationID: d.chat.ID, Text: "x"})
		}},
		{"Chats.CloseTab", everybody, func(who *domain.Operator) error { return d.Chats.CloseTab(ctx, who, d.NewID()) }},

		{"Outbound.Reply", notFound, func(who *domain.Operator) error {
			_, err := d.Outbound.Reply(ctx, who, d.NewReply(d.chat.ID, "x"))
			return err
		}},
		{"Outbound.Start", notFound, func(who *domain.Operator) error {
			_, err := d.Outbound.Start(ctx, who, outbound.NewConversation{ID: d.NewID(), ChannelID: d.Private.ID, Number: "+420777000000"})
			return err
		}},
		{"Outbound.React", notFound, func(who *domain.Operator) error { return d.Outbound.React(ctx, who, d.message.ID, "👍") }},
		{"Outbound.Retry", notFound, func(who *domain.Operator) error { return d.Outbound.Retry(ctx, who, d.failed.ID) }},
		{"Outbound.MarkSent", notFound, func(who *domain.Operator) error { return d.Outbound.MarkSent(ctx, who, d.failed.ID) }},

		{"Requests.Create", notFound, func(who *domain.Operator) error {
			_, err := d.Requests.Create(ctx, who, requests.Form{ConversationID: d.chat.ID, Title: "x"})
			return err
		}},
		{"Requests.Update", notFound, func(who *domain.Operator) error {
			_, err := d.Requests.Update(ctx, who, d.request.ID, requests.Form{Title: "x"})
			return err
		}},
		{"Requests.FileMessage", notFound, func(who *domain.Operator) error {
			return d.Requests.FileMessage(ctx, who, d.message.ID, d.request.ID, true)
		}},
		{"Requests.AddTemplate", forbidden, func(who *domain.Operator) error {
			return d.Requests.AddTemplate(ctx, who, domain.RequestTemplate{Name: "x"})
		}},

		{"Calls.Note", notFound, func(who *domain.Operator) error { return d.Calls.Note(ctx, who, d.call.ID, "x") }},
		{"Calls.Hold", notFound, func(who *domain.Operator) error { return d.Calls.Hold(ctx, who, d.call.ID, true) }},
		{"Calls.HangUp", notFound, func(who *domain.Operator) error { return d.Calls.HangUp(ctx, who, d.call.ID) }},
		{"Calls.Start", notFound, func(who *domain.Operator) error {
			_, err := d.Calls.Start(ctx, who, calls.NewCall{ContactID: d.chat.ContactID, ChannelID: d.line.ID})
			return err
		}},
		{"Calls.Log", notFound, func(who *domain.Operator) error {
			_, err := d.Calls.Log(ctx, who, calls.LoggedCall{ConversationID: d.chat.ID, Outcome: domain.CallBusy})
			return err
		}},
		// takes it off one's own panel when it is over, which it is not
		{"Calls.Dismiss", nothing, func(who *domain.Operator) error {
			if err := d.Calls.Dismiss(ctx, who, d.call.ID); err != nil {
				return err
			}
			live, err := d.Calls.FindLive(ctx, who)
			return seen(live != nil, err)
		}},

		{"Channels.SetOperators", forbidden, func(who *domain.Operator) error {
			return d.Channels.SetOperators(ctx, who, d.Private.ID, []domain.ID{d.Petr.ID})
		}},
		{"Channels.Check", forbidden, func(who *domain.Operator) error { return d.Channels.Check(ctx, who, d.Private.ID) }},
		{"Channels.SetGreeting", forbidden, func(who *domain.Operator) error {
			return d.Channels.SetGreeting(ctx, who, d.Private.ID, domain.Greeting{})
		}},
		{"Channels.SetWebChat", forbidden, func(who *domain.Operator) error {
			return d.Channels.SetWebChat(ctx, who, d.Private.ID, domain.WebChatSettings{})
		}},
		{"Channels.SyncTemplates", forbidden, func(who *domain.Operator) error { return d.Channels.SyncTemplates(ctx, who, d.Private.ID) }},
		{"Channels.TestSettings", forbidden, func(who *domain.Operator) error {
			_, err := d.Channels.TestSettings(ctx, who, d.Private)
			return err
		}},
		{"Channels.Try", forbidden, func(who *domain.Operator) error {
			_, err := d.Channels.Try(ctx, who, d.Private.ID, channels.Trial{})
			return err
		}},
		{"Channels.Tick", forbidden, func(who *domain.Operator) error { return d.Channels.Tick(ctx, who, d.Private.ID, nil) }},
		{"Channels.Add", forbidden, func(who *domain.Operator) error {
			_, err := d.Channels.Add(ctx, who, domain.Channel{Key: "x"})
			return err
		}},
		{"Channels.Connect", forbidden, func(who *domain.Operator) error {
			_, err := d.Channels.Connect(ctx, who, channels.Form{Driver: "test"})
			return err
		}},
		{"Channels.Update", forbidden, func(who *domain.Operator) error {
			return d.Channels.Update(ctx, who, d.Private.ID, channels.Form{Driver: "test"})
		}},
		{"Channels.StartLogin", forbidden, func(who *domain.Operator) error {
			_, _, err := d.Channels.StartLogin(ctx, who, session, domain.ID{}, channels.Form{Driver: desktest.SocialDriver}, "")
			return err
		}},
		{"Channels.RestartLogin", forbidden, func(who *domain.Operator) error {
			_, err := d.Channels.RestartLogin(ctx, who, session, d.NewID())
			return err
		}},
		{"Channels.FinishLogin", forbidden, func(who *domain.Operator) error {
			_, err := d.Channels.FinishLogin(ctx, who, session, channels.LoginReturn{})
			return err
		}},
		{"Channels.ConnectLogin", forbidden, func(who *domain.Operator) error {
			_, err := d.Channels.ConnectLogin(ctx, who, session, d.NewID(), "1")
			return err
		}},

		{"Inbound.ReplayParked", forbidden, func(who *domain.Operator) error { return d.Inbound.ReplayParked(ctx, who, d.parked) }},
		{"Inbound.DropParked", forbidden, func(who *domain.Operator) error { return d.Inbound.DropParked(ctx, who, d.parked) }},
		{"Inbound.RetryJob", forbidden, func(who *domain.Operator) error { return d.Inbound.RetryJob(ctx, who, d.job) }},
		{"Inbound.DropJob", forbidden, func(who *domain.Operator) error { return d.Inbound.DropJob(ctx, who, d.job) }},

		{"People.CreateOperator", forbidden, func(who *domain.Operator) error {
			_, err := d.People.CreateOperator(ctx, who, people.NewOperator{})
			return err
		}},
		{"People.UpdateOperator", forbidden, func(who *domain.Operator) error {
			return d.People.UpdateOperator(ctx, who, d.Petr.ID, people.OperatorForm{})
		}},
		{"People.SetPresence", everybody, func(who *domain.Operator) error { return d.People.SetPresence(ctx, who, domain.Online) }},
		{"People.SaveProfile", everybody, func(who *domain.Operator) error { return d.People.SaveProfile(ctx, who, "x", domain.Czech) }},
		{"People.SavePhone", everybody, func(who *domain.Operator) error { return d.People.SavePhone(ctx, who, "") }},
		{"People.SavePreferences", everybody, func(who *domain.Operator) error {
			return d.People.SavePreferences(ctx, who, func(*domain.Preferences) {})
		}},

		{"Files.FetchAgain", notFound, func(who *domain.Operator) error { return d.Files.FetchAgain(ctx, who, d.file.ID, 0) }},
		{"Files.Upload", notFound, func(who *domain.Operator) error {
			_, err := d.Files.Upload(ctx, who, d.chat.ID, "a.txt", "text/plain", strings.NewReader("t"))
			return err
		}},
		{"Files.DropUpload", notFound, func(who *domain.Operator) error { return d.Files.DropUpload(ctx, who, d.upload.ID) }},
		{
			"Chats.SetStatus",
			notFound,
			func(who *domain.Operator) error { return d.Chats.SetStatus(ctx, who, d.chat.ID, domain.StatusSpam) },
		},
		{
			"Channels.SetEnabled",
			forbidden,
			func(who *domain.Operator) error { return d.Channels.SetEnabled(ctx, who, d.Private.ID, false) },
		},
		{
			"Channels.Remove",
			forbidden,
			func(who *domain.Operator) error { return d.Channels.Remove(ctx, who, d.Private.ID, d.Private.Name) },
		},
		{"Connections.SwitchChats", forbidden, func(who *domain.Operator) error { return d.Connections.SwitchChats(ctx, who, false) }},
	})
}

// readings are the methods that change nothing.
func (d *petrs) readings(ctx context.Context) []attempt {
	session, id := []byte("session"), d.chat.ID
	return []attempt{
		{"Connections.ListVisible", nothing, func(who *domain.Operator) error {
			list, err := d.Connections.ListVisible(ctx, who, domain.ID{})
			return seen(list[d.Private.ID] != nil, err)
		}},
		{"Connections.ListChannels", nothing, func(who *domain.Operator) error {
			list, err := d.Connections.ListChannels(ctx, who)
			return seen(hasChannel(d.Private.ID, list), err)
		}},
		{"Connections.FindReadable", notFound, func(who *domain.Operator) error {
			_, err := d.Connections.FindReadable(ctx, who, d.Private.ID)
			return err
		}},
		{"Connections.FindGranted", notFound, func(who *domain.Operator) error {
			_, err := d.Connections.FindGranted(ctx, who, d.Private.ID)
			return err
		}},
		{"Connections.MaySeeEvent", nothing, func(who *domain.Operator) error {
			return seen(d.Connections.MaySeeEvent(ctx, who, domain.Event{Kind: domain.EventMessageAdded, ChannelID: d.Private.ID}), nil)
		}},
		{"Connections.ReadHealth", forbidden, func(who *domain.Operator) error {
			_, err := d.Connections.ReadHealth(ctx, who, d.Private.ID)
			return err
		}},
		{"Connections.ListAlerts", nothing, func(who *domain.Operator) error {
			list, err := d.Connections.ListAlerts(ctx, who)
			return seen(len(list) > 0, err)
		}},

		{"Thread.FindConversation", notFound, func(who *domain.Operator) error {
			_, err := d.Desk.Desk.Thread.FindConversation(ctx, who, id)
			return err
		}},
		{"Thread.FindMessage", notFound, func(who *domain.Operator) error {
			_, err := d.Desk.Desk.Thread.FindMessage(ctx, who, d.message.ID)
			return err
		}},
		{"Thread.FindConversationIn", notFound, func(who *domain.Operator) error {
			return d.Store.View(ctx, func(tx *store.Tx) error {
				_, _, err := d.Desk.Desk.Thread.FindConversationIn(ctx, tx, who, id)
				return err
			})
		}},
		{"Thread.FindMessageIn", notFound, func(who *domain.Operator) error {
			return d.Store.View(ctx, func(tx *store.Tx) error {
				_, _, err := d.Desk.Desk.Thread.FindMessageIn(ctx, tx, who, d.message.ID)
				return err
			})
		}},
		{"Files.Open", notFound, func(who *domain.Operator) error { _, _, err := d.Files.Open(ctx, who, d.upload.ID); return err }},
		{"Letters.Read", notFound, func(who *domain.Operator) error {
			_, err := d.Letters.Read(ctx, who, d.letter.ID, letters.Options{})
			return err
		}},
		{"Outbound.HowToStart", nothing, func(who *domain.Operator) error {
			return seen(d.Outbound.HowToStart(ctx, who, d.Private.ID) != "", nil)
		}},

		{"Chats.Read", notFound, func(who *domain.Operator) error { _, err := d.Chats.Read(ctx, who, id); return err }},
		{
			"Chats.ReadMessage",
			notFound,
			func(who *domain.Operator) error { _, err := d.Chats.ReadMessage(ctx, who, d.message.ID); return err },
		},
		{"Chats.ReadContact", notFound, func(who *domain.Operator) error {
			_, err := d.Chats.ReadContact(ctx, who, d.chat.ContactID)
			return err
		}},
		{"Chats.ListLookalikes", notFound, func(who *domain.Operator) error {
			_, err := d.Chats.ListLookalikes(ctx, who, d.chat.ContactID)
			return err
		}},
		{"Chats.MergeContacts", notFound, func(who *domain.Operator) error {
			return d.Chats.MergeContacts(ctx, who, d.chat.ContactID, d.NewID()) // done before
		}},
		{"Chats.ListMessages", notFound, func(who *domain.Operator) error {
			_, err := d.Chats.ListMessages(ctx, who, id, chats.MessagesQuery{})
			return err
		}},
		{"Chats.List", nothing, func(who *domain.Operator) error {
			page, err := d.Chats.List(ctx, who, chats.Query{Limit: 100})
			return seen(hasRow(id, page.Rows), err)
		}},
		{"Chats.Match", nothing, func(who *domain.Operator) error {
			row, fits, err := d.Chats.Match(ctx, who, chats.Query{}, id)
			return seen(fits || !row.ID.IsZero(), err)
		}},
		{"Chats.ListTabs", nothing, func(who *domain.Operator) error {
			rows, err := d.Chats.ListTabs(ctx, who)
			return seen(hasRow(id, rows), err)
		}},
		{"Chats.ListContacts", nothing, func(who *domain.Operator) error {
			list, err := d.Chats.ListContacts(ctx, who, "", 100)
			return seen(len(list) > 0, err)
		}},
		{"Chats.Search", nothing, func(who *domain.Operator) error {
			found, err := d.Chats.Search(ctx, who, chats.SearchQuery{Text: "lampa"})
			return seen(len(found.Messages)+len(found.Contacts)+len(found.Requests) > 0, err)
		}},
		{"Chats.Summarize", nothing, func(who *domain.Operator) error {
			s, err := d.Chats.Summarize(ctx, who)
			return seen(s.Waiting+len(s.Longest) > 0, err)
		}},
		{"Chats.ListTeam", everybody, func(who *domain.Operator) error { _, err := d.Chats.ListTeam(ctx, who); return err }},
		{"Chats.CountWaiting", nothing, func(who *domain.Operator) error {
			n, err := d.Chats.CountWaiting(ctx, who)
			return seen(n > 0, err)
		}},

		{"Requests.List", notFound, func(who *domain.Operator) error {
			_, err := d.Requests.List(ctx, who, id, requests.Query{})
			return err
		}},
		{"Requests.Read", notFound, func(who *domain.Operator) error { _, err := d.Requests.Read(ctx, who, d.request.ID); return err }},
		{"Requests.ReadByCode", notFound, func(who *domain.Operator) error {
			_, err := d.Requests.ReadByCode(ctx, who, d.request.Code())
			return err
		}},
		{
			"Requests.ListTemplates",
			everybody,
			func(who *domain.Operator) error { _, err := d.Requests.ListTemplates(ctx, who); return err },
		},
		{
			"Requests.SuggestCompanies",
			everybody,
			func(who *domain.Operator) error { _, err := d.Requests.SuggestCompanies(ctx, who, ""); return err },
		},
		{
			"Requests.SuggestTags",
			everybody,
			func(who *domain.Operator) error { _, err := d.Requests.SuggestTags(ctx, who, ""); return err },
		},

		{"Calls.FindLive", nothing, func(who *domain.Operator) error {
			live, err := d.Calls.FindLive(ctx, who)
			return seen(live != nil, err)
		}},
		{"Calls.ListChannels", nothing, func(who *domain.Operator) error {
			list, err := d.Calls.ListChannels(ctx, who)
			return seen(hasChannel(d.line.ID, list), err)
		}},

		{"Channels.ListTemplates", notFound, func(who *domain.Operator) error {
			_, err := d.Channels.ListTemplates(ctx, who, d.Private.ID)
			return err
		}},
		{"Channels.ListProducts", forbidden, func(who *domain.Operator) error { _, err := d.Channels.ListProducts(who); return err }},
		{"Channels.List", forbidden, func(who *domain.Operator) error { _, err := d.Channels.List(ctx, who); return err }},
		{"Channels.Read", forbidden, func(who *domain.Operator) error { _, err := d.Channels.Read(ctx, who, d.Private.ID); return err }},
		{"Channels.ReadModule", forbidden, func(who *domain.Operator) error { _, err := d.Channels.ReadModule(ctx, who); return err }},
		{"Channels.ReadLogin", forbidden, func(who *domain.Operator) error {
			_, err := d.Channels.ReadLogin(ctx, who, session, d.NewID())
			return err
		}},

		{"Inbound.ListParked", forbidden, func(who *domain.Operator) error { _, err := d.Inbound.ListParked(ctx, who); return err }},
		{"Inbound.ReadParkedBody", forbidden, func(who *domain.Operator) error {
			_, err := d.Inbound.ReadParkedBody(ctx, who, d.parked)
			return err
		}},
		{
			"Inbound.ReadParked",
			forbidden,
			func(who *domain.Operator) error { _, err := d.Inbound.ReadParked(ctx, who, d.parked); return err },
		},
		{"Inbound.ListDeadJobs", forbidden, func(who *domain.Operator) error { _, err := d.Inbound.ListDeadJobs(ctx, who); return err }},

		{"People.Operators", everybody, func(who *domain.Operator) error { _, err := d.People.Operators(ctx, who); return err }},
		{"People.ListOperators", everybody, func(who *domain.Operator) error {
			_, err := d.People.ListOperators(ctx, who, people.Query{})
			return err
		}},
		{"People.Operator", everybody, func(who *domain.Operator) error { _, err := d.People.Operator(ctx, who, d.Petr.ID); return err }},
	}
}

// operatorMethods lists the methods of a desk's services that take an operator, as "Service.Method".
func operatorMethods(services reflect.Type) (list []string) {
	operator := reflect.TypeFor[*domain.Operator]()
	for i := range services.NumField() {
		field := services.Field(i)
		if !field.IsExported() {
			continue
		}
		for m := range field.Type.Methods() {
			for in := range m.Type.Ins() {
				if in == operator {
					list = append(list, field.Name+"."+m.Name)
					break
				}
			}
		}
	}
	return list
}

func TestOperators_EveryMethodIsInTheTable(t *testing.T) {
	var tabled []string
	for _, a := range new(petrs).attempts(t.Context()) {
		if slices.Contains(tabled, a.method) {
			t.Errorf("%s stands in the table twice", a.method)
		}
		tabled = append(tabled, a.method)
	}
	all := operatorMethods(reflect.TypeFor[desktest.Desk]().Field(0).Type.Elem())
	if len(all) < 90 {
		t.Errorf("only %d methods that take an operator were found: the search is wrong", len(all))
	}
	for _, method := range all {
		if trusted[method] == "" && !slices.Contains(tabled, method) {
			t.Errorf("%s takes an operator: say in the table what one of another team gets", method)
		}
	}
	for _, method := range tabled {
		if !slices.Contains(all, method) {
			t.Errorf("%s stands in the table and is no method of a service", method)
		}
	}
}

// The search itself: a service with a method that is in no table must be found.
func TestOperators_NewMethodIsFound(t *testing.T) {
	if got := operatorMethods(reflect.TypeFor[struct{ New *newService }]()); !slices.Equal(got, []string{"New.Leak"}) {
		t.Errorf("found %q, want the method that takes an operator", got)
	}
}

type newService struct{}

func (*newService) Leak(context.Context, *domain.Operator, domain.ID) error { return nil }
func (*newService) Other(context.Context, domain.ID) error                  { return nil }

func TestOperators_AnotherTeamAndWhoHasNoRightGetNothing(t *testing.T) {
	d := newPetrs(t)
	dismissed := *d.Jana
	dismissed.Active = false
	told, sent := d.Connections.LastEventNumber(t.Context()), len(d.Vendor.Sent())
	for _, a := range d.attempts(t.Context()) {
		if err := a.try(new(domain.Operator)); !isRefused(err) && (a.want != nothing || err != nil) {
			t.Errorf("%s by nobody: got %v, want a refusal", a.method, err)
		}
		if a.want == everybody {
			continue // Jana may, and would change herself
		}
		if err := a.try(d.Jana); !isWanted(a.want, err) {
			t.Errorf("%s by another team: got %v, want %s", a.method, err, a.want)
		}
		if err := a.try(&dismissed); !isRefused(err) && (a.want != nothing || err != nil) {
			t.Errorf("%s by one who was dismissed: got %v, want a refusal", a.method, err)
		}
	}
	d.Settle()
	if n := d.Connections.LastEventNumber(t.Context()) - told; n != 0 {
		t.Errorf("pages were told of %d changes, want none", n)
	}
	if n := len(d.Vendor.Sent()) - sent; n != 0 {
		t.Errorf("%d messages were sent, want none", n)
	}
}

// What Jana is refused must exist, or its refusal proves nothing: those who have the right are not.
func TestOperators_WhoHasTheRightIsNotRefused(t *testing.T) {
	d := newPetrs(t)
	for _, a := range d.attempts(t.Context()) {
		who := d.Petr
		if a.want == forbidden || a.method == "Connections.ListAlerts" {
			who = d.Eva
		}
		err := a.try(who)
		switch kind := domain.KindOf(err); {
		case a.want == nothing && !errors.Is(err, errSeen),
			a.want == notFound && (kind == domain.NotFound || kind == domain.Forbidden),
			a.want == forbidden && kind == domain.Forbidden,
			a.want == everybody && err != nil:
			t.Errorf("%s by %s: got %v", a.method, who.Name, err)
		}
	}
}

// isWanted reports whether a try ended as the table says.
func isWanted(want string, err error) bool {
	switch want {
	case notFound:
		return domain.KindOf(err) == domain.NotFound
	case forbidden:
		return domain.KindOf(err) == domain.Forbidden
	default:
		return err == nil
	}
}

func isRefused(err error) bool {
	kind := domain.KindOf(err)
	return kind == domain.NotFound || kind == domain.Forbidden
}
