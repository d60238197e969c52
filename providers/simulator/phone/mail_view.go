package phone

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"pult/providers/simulator/mail"
)

// mailView is the page of the mail programs.
type mailView struct {
	shellView
	Boxes    boxesView
	Open     string // where a mailbox is opened
	Failed   bool
	Program  *programView // nil when no mailbox is open
	Switches switchesView
}

type boxesView struct {
	URL  string
	Live bool
	List []boxView
}

// boxView is a mailbox in the list.
type boxView struct {
	Key, Address, Name, Last, URL string
	At                            time.Time
	Current                       bool
}

// programView is an open mail program.
type programView struct {
	Address, Name, Shop, Back, Tools, Live, Write string
	Letters                                       []letterView
}

// letterView is a letter in it.
type letterView struct {
	Letter         mail.Letter
	Key            string
	Position       int
	AsSent         string // of its HTML; "" = text only
	Files          []fileView
	Away           string // sends an automatic answer
	AnswerTo, Many bool   // can be answered; to everybody too
}

type fileView struct {
	Name, URL string
	Size      int
}

func (m mailPrograms) newMailView(r *http.Request, a *ask, pane string) mailView {
	v := mailView{
		shellView: m.page.newShellView(r, a, pane), Boxes: m.newBoxesView(a), Open: a.mailLink(),
		Switches: m.newSwitchesView(a),
	}
	v.Panes = map[string]string{"people": a.mailLink(), "switches": a.mailLink("switches")}
	if a.box != "" {
		program := m.newProgramView(a)
		v.Title, v.Program, v.Panes["phone"] = program.Name, &program, a.mailLink(a.box)
	}
	return v
}

// newBoxesView lists the mailboxes that hold a letter, the latest first, and the open one.
func (m mailPrograms) newBoxesView(a *ask) boxesView {
	v := boxesView{URL: mailPrefix + "?open=" + url.QueryEscape(a.box), Live: a.box != ""}
	if a.wish != "" {
		v.URL += "&lang=" + a.wish
	}
	for _, address := range m.server.People() {
		letters := m.server.Letters(address)
		last := letters[len(letters)-1]
		v.List = append(v.List, boxView{
			Key: strconv.FormatUint(uint64(hashText(address)), 16), Address: address, Name: nameIn(letters, address),
			Last: last.Subject, At: last.At,
			URL: a.mailLink(address), Current: address == a.box,
		})
	}
	slices.SortStableFunc(v.List, func(x, y boxView) int { return y.At.Compare(x.At) })
	return v
}

// nameIn is how somebody calls themselves in their letters.
func nameIn(letters []mail.Letter, otherwise string) string {
	for _, l := range slices.Backward(letters) {
		if l.Mine && l.FromName != "" {
			return l.FromName
		}
	}
	return otherwise
}

func (m mailPrograms) newProgramView(a *ask) programView {
	letters := m.server.Letters(a.box)
	v := programView{
		Address: a.box, Name: nameIn(letters, a.box), Shop: m.shop, Back: a.mailLink(), Tools: a.mailLink("switches"),
		Live: a.mailLink(a.box, "news"), Write: a.mailLink(a.box),
	}
	for n, l := range slices.Backward(letters) {
		v.Letters = append(v.Letters, a.newLetterView(n, l))
	}
	return v
}

func (a *ask) newLetterView(n int, l mail.Letter) letterView {
	position := strconv.Itoa(n)
	v := letterView{Letter: l, Key: "l" + position, Position: n, AnswerTo: !l.Mine, Many: len(l.To)+len(l.Cc) > 1}
	v.Letter.FromName = cmp.Or(l.FromName, l.From)
	if l.HTML != "" {
		v.AsSent = a.mailLink(a.box, position)
	}
	if !l.Mine {
		v.Away = a.mailLink(a.box, position, "away")
	}
	for i, f := range l.Files {
		v.Files = append(v.Files, fileView{f.Name, a.mailLink(a.box, position, "files", strconv.Itoa(i)), len(f.Data)})
	}
	return v
}
