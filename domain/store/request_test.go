package store_test

import (
	"testing"

	"pult/domain"
	"pult/domain/store"
)

func TestRequest_IndexFollowsEveryChange(t *testing.T) {
	first := domain.Request{ID: number(1), Number: 5, Title: "Oprava kola", ConversationID: number(7)}
	first.Company, first.Contact = "Dvůr", "Anna"
	with := func(change func(*domain.Request)) domain.Request {
		r := first
		change(&r)
		return r
	}
	wantIndexOfLastState(t, func(tx *store.Tx, r *domain.Request) error { return tx.PutRequest(r, 3) }, []string{"gt/", "gc/"},
		first,
		with(func(r *domain.Request) { r.Title = "Reklamace" }),
		with(func(r *domain.Request) { r.Description = "Praskl rám." }),
		with(func(r *domain.Request) { r.Company, r.Contact = "", "Boris" }),
		with(func(r *domain.Request) { r.ConversationID = number(8) }),
		with(func(r *domain.Request) { r.ConversationID = domain.ID{} }),
		with(func(r *domain.Request) { r.Tags = []string{"rám"} }),
	)
}

func TestRequest_IsFoundByNumberConversationAndWords(t *testing.T) {
	d := open(t)
	for i := range 4 {
		r := domain.Request{ID: number(10 + i), Number: uint64(300 + i), Title: "Oprava", Status: domain.StatusOpen}
		r.ConversationID = number(7 + i%2)
		if i == 2 {
			r.Status = domain.StatusClosed
		}
		d.update(func(tx *store.Tx) error { return tx.PutRequest(&r, uint32(1+i%2)) })
	}
	d.view(func(tx *store.Tx) error {
		r, err := tx.RequestByNumber(301)
		if r.ID != number(11) {
			t.Errorf("got %s", r.ID)
		}
		_, err2 := tx.RequestByNumber(45)
		wantKind(t, "a number that was never drawn", err2, domain.NotFound)
		for name, keep := range map[string]func(*domain.Request) bool{
			"all":  func(*domain.Request) bool { return true },
			"open": func(r *domain.Request) bool { return r.Status == domain.StatusOpen },
		} {
			list, _, err := tx.RequestsOf(number(7), domain.ID{}, 10, 10, keep)
			var ids []domain.ID
			for _, r := range list {
				ids = append(ids, r.ID)
			}
			want := []domain.ID{number(12), number(10)}
			if name == "open" {
				want = want[1:]
			}
			wantList(t, name+" of the conversation, newest first", ids, want)
			if err != nil {
				t.Error(err)
			}
		}
		return err
	})
	seen := store.SearchScope{Of: "requests", Channels: map[uint32]bool{2: true}}
	wantList(t, "by a word, on one channel", find(d, seen, "oprava", 10), []domain.ID{number(13), number(11)})
	wantList(t, "by code", find(d, seen, "P-303", 10), []domain.ID{number(13)})
	wantList(t, "by the code of one on another channel", find(d, seen, "P-302", 10), nil)
}

func TestRequestTemplates_AreListedAndReplaced(t *testing.T) {
	d := open(t)
	for _, template := range []domain.RequestTemplate{
		{ID: number(2), Name: "Oprava"}, {ID: number(1), Name: "Dotaz"}, {ID: number(2), Name: "Servis"},
	} {
		d.update(func(tx *store.Tx) error { return tx.PutRequestTemplate(&template) })
	}
	d.view(func(tx *store.Tx) error {
		list, err := tx.RequestTemplates()
		var names []string
		for _, template := range list {
			names = append(names, template.Name)
		}
		wantList(t, "templates", names, []string{"Dotaz", "Servis"})
		_, err2 := tx.RequestTemplate(number(9))
		wantKind(t, "an unknown template", err2, domain.NotFound)
		return err
	})
}
