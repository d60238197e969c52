package channels_test

import (
	"testing"

	"pult/domain"
	"pult/domain/desk/connections"
	"pult/internal/desktest"
)

// A lost key costs the credentials and nothing else: the desk starts, says which channel needs what, and works with it
// once they are entered again.
func TestLostSecrets_ChannelAsksForThemAndWorksOnceEntered(t *testing.T) {
	d := desktest.New(t)
	c := connectChannel(t, d)
	conversation := d.Say(c, desktest.Anna, "Dobrý den")
	d.LoseSealKey()

	settings, err := d.Channels.Read(t.Context(), d.Eva, c.ID)
	if err != nil || settings.Health.State != connections.HealthUnusable || settings.Health.Words != "channels.secrets_lost" {
		t.Errorf("got %+v, %v, want the channel to ask for its credentials", settings.Health, err)
	}
	if !isAlerted(t, d, c.ID) {
		t.Error("the administrator is not told on every page")
	}
	if _, err := d.Chats.Read(t.Context(), d.Eva, conversation.ID); err != nil {
		t.Errorf("the conversation: %v, want it readable", err)
	}

	if err := d.Channels.Update(t.Context(), d.Eva, c.ID, newChannelForm()); err != nil {
		t.Fatal(err)
	}
	if isAlerted(t, d, c.ID) {
		t.Error("the channel still asks although the credentials were entered")
	}
	d.Restart()
	d.Say(c, desktest.Anna, "Jste tam?")
}

func isAlerted(t *testing.T, d *desktest.Desk, id domain.ID) bool {
	t.Helper()
	alerts, err := d.Connections.ListAlerts(t.Context(), d.Eva)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range alerts {
		if a.Channel == id {
			return true
		}
	}
	return false
}
