package desk_test

import (
	"testing"

	"pult/domain/desk"
	"pult/internal/desktest"
)

func TestReceiver_EndsWithTheDesk(t *testing.T) {
	d := desktest.New(t)
	d.Mailbox()
	<-d.Mail.Begun()
	d.Stop()
	d.Stop()
	desk.New(desk.Options{}).Stop() // one that never began
}
