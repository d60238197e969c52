package connections_test

import (
	"maps"
	"slices"
	"testing"

	"pult/domain"
	"pult/internal/desktest"
)

// removeChannel takes a channel away as an administrator does; its conversations stay.
func removeChannel(t *testing.T, d *desktest.Desk, c domain.Channel) {
	t.Helper()
	if err := d.Channels.Remove(t.Context(), d.Eva, c.ID, c.Name); err != nil {
		t.Fatal(err)
	}
}

func visibleTo(t *testing.T, d *desktest.Desk, who *domain.Operator, only domain.ID) []domain.ID {
	t.Helper()
	visible, err := d.Connections.ListVisible(t.Context(), who, only)
	if err != nil {
		t.Fatal(err)
	}
	for id, c := range visible {
		if c.ID != id {
			t.Errorf("channel %s stands under %s", c.ID, id)
		}
	}
	return slices.SortedFunc(maps.Keys(visible), func(a, b domain.ID) int { return slices.Compare(a[:], b[:]) })
}

func TestListVisible_OnesOwnChannelsAndTheOpenOnes(t *testing.T) {
	d := desktest.New(t)
	open, private := d.Channel.ID, d.Private.ID
	for name, c := range map[string]struct {
		who  *domain.Operator
		only domain.ID
		want []domain.ID
	}{
		"another team":             {d.Jana, domain.ID{}, []domain.ID{open}},
		"one's own":                {d.Petr, domain.ID{}, []domain.ID{open, private}},
		"a supervisor":             {d.Karel, domain.ID{}, []domain.ID{open, private}},
		"one that is asked for":    {d.Petr, private, []domain.ID{private}},
		"a foreign one asked for":  {d.Jana, private, nil},
		"one that does not exist":  {d.Eva, d.NewID(), nil},
		"the open one by anybody":  {d.Jana, open, []domain.ID{open}},
		"an administrator's, both": {d.Eva, domain.ID{}, []domain.ID{open, private}},
	} {
		if got := visibleTo(t, d, c.who, c.only); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
	for _, who := range []*domain.Operator{nil, {}, {ID: d.Petr.ID, Role: domain.RoleOperator}} {
		if _, err := d.Connections.ListVisible(t.Context(), who, domain.ID{}); domain.KindOf(err) != domain.Forbidden {
			t.Errorf("%+v, who may not work: got %v, want forbidden", who, err)
		}
	}
}

func TestListVisible_RemovedChannelLivesOnInItsConversationsAlone(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	removeChannel(t, d, d.Channel)
	if got := visibleTo(t, d, d.Jana, domain.ID{}); !slices.Equal(got, []domain.ID{d.Channel.ID}) {
		t.Errorf("visible are %v, want the removed one for its history", got)
	}
	if list, err := d.Connections.ListChannels(t.Context(), d.Jana); err != nil || len(list) != 0 {
		t.Errorf("offered are %+v, %v, want none", list, err)
	}
	if _, err := d.Connections.FindReadable(t.Context(), d.Jana, c.ChannelID); err != nil {
		t.Errorf("its conversations cannot be read: %v", err)
	}
	if _, err := d.Connections.FindByKey(t.Context(), d.Channel.Key); domain.KindOf(err) != domain.NotFound {
		t.Errorf("its address answers: %v", err)
	}
}

func TestListVisible_NothingWhileTheModuleIsOff(t *testing.T) {
	d := desktest.New(t)
	switchChats(t, d, false)
	for _, who := range []*domain.Operator{d.Eva, d.Karel, d.Jana, d.Petr} {
		if got := visibleTo(t, d, who, domain.ID{}); len(got) != 0 {
			t.Errorf("%s sees %v, want nothing", who.Name, got)
		}
		if list, err := d.Connections.ListChannels(t.Context(), who); err != nil || len(list) != 0 {
			t.Errorf("%s is offered %+v, %v, want nothing", who.Name, list, err)
		}
	}
}

func TestFindReadable_ForeignRemovedAndUnknownChannelsDoNotExist(t *testing.T) {
	d := desktest.New(t)
	removed := d.AddVoiceChannel("removed", d.Petr.ID)
	removeChannel(t, d, removed)
	for name, id := range map[string]domain.ID{
		"foreign":             d.Private.ID,
		"foreign and removed": removed.ID,
		"unknown":             d.NewID(),
		"none":                {},
	} {
		for _, who := range []*domain.Operator{d.Jana, nil, {}} {
			if c, err := d.Connections.FindReadable(t.Context(), who, id); domain.KindOf(err) != domain.NotFound || c != nil {
				t.Errorf("%s: readable %v, %v, want not found", name, c, err)
			}
			if c, err := d.Connections.FindGranted(t.Context(), who, id); domain.KindOf(err) != domain.NotFound || c != nil {
				t.Errorf("%s: granted %v, %v, want not found", name, c, err)
			}
		}
	}
	for _, id := range []domain.ID{d.Channel.ID, d.Private.ID, removed.ID} {
		if c, err := d.Connections.FindReadable(t.Context(), d.Petr, id); err != nil || c.Channel.ID != id {
			t.Errorf("Petr's: got %v, want %s", err, id)
		}
	}
}

// While the module is off the refusal is the same for every id, so that it tells nothing of what there is.
func TestFindReadable_RefusesEveryChannelAlikeWhileTheModuleIsOff(t *testing.T) {
	d := desktest.New(t)
	switchChats(t, d, false)
	for name, id := range map[string]domain.ID{"open": d.Channel.ID, "foreign": d.Private.ID, "unknown": d.NewID()} {
		if _, err := d.Connections.FindReadable(t.Context(), d.Jana, id); desktest.KeyOf(err) != "error.chats_off" {
			t.Errorf("%s: got %v, want that the module is off", name, err)
		}
	}
	if _, err := d.Connections.FindGranted(t.Context(), d.Jana, d.Channel.ID); err != nil {
		t.Errorf("settings are not the module's: got %v", err)
	}
	if _, err := d.Connections.FindGranted(t.Context(), d.Jana, d.Private.ID); domain.KindOf(err) != domain.NotFound {
		t.Errorf("a foreign one: got %v, want not found", err)
	}
}
