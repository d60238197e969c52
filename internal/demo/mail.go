package demo

import (
	"bytes"
	"context"
	"io"
	"net"
	"time"

	"pult/domain"
	"pult/domain/store"
	"pult/providers/simulator/mail"
)

// The mailbox of the shop. Its servers stand in Options.ChannelURL as host and port.
const (
	IMAP = "imap"
	SMTP = "smtp"

	MailAddress  = "desk@pult.example"
	MailPassword = "demo-mail-password"
)

func mailbox(url map[string]string) domain.Channel {
	settings := map[string]string{"imap_security": "none", "smtp_security": "none", "sent_copy": "yes", "plus_address": "yes"}
	settings["imap_host"], settings["imap_port"], _ = net.SplitHostPort(url[IMAP]) // without servers the mailbox cannot be reached
	settings["smtp_host"], settings["smtp_port"], _ = net.SplitHostPort(url[SMTP])
	return domain.Channel{
		Key: "demo-mail", Kind: domain.Email, Driver: "email", Name: "E-mail", Enabled: true, Account: MailAddress,
		Settings: settings, Secrets: map[string]domain.Secret{"password": MailPassword},
	}
}

// writes is somebody with a mail address.
func writes(name, address string, l domain.Language) person {
	return person{name: name, mail: address, language: l}
}

// letter makes the line a letter. Without HTML it is plain text.
func (l line) letter(subject, html string) line { l.subject, l.html = subject, html; return l }

// lettered gives the message what a letter has beside its text, as an answer to the letter before it.
func (p *plan) lettered(m *domain.Message, l line) {
	customer, shop := domain.MailAddress{Name: p.with.name, Address: p.with.mail}, domain.MailAddress{Address: MailAddress}
	m.Mail = &domain.Mail{Subject: l.subject, From: customer, To: []domain.MailAddress{shop}, MessageID: m.VendorID, Date: m.At}
	m.Kind = domain.KindText // whatever is enclosed
	if m.Direction == domain.Outgoing {
		shop.Name = m.Author.Name
		m.Mail.From, m.Mail.To = shop, []domain.MailAddress{customer}
	}
	for _, before := range p.messages {
		if before.Mail != nil {
			m.Mail.InReplyTo = before.Mail.MessageID
			m.Mail.References = append(m.Mail.References, before.Mail.MessageID)
			m.Mail.Subject = domain.AnswerSubject(before.Mail.Subject)
		}
	}
}

// storeHTML stores the HTML of a letter and names it in its message.
func (s *seed) storeHTML(ctx context.Context, p *plan, m *domain.Message, html string, files map[domain.ID]domain.File) error {
	if html == "" {
		return nil
	}
	f := domain.File{ConversationID: p.id, Name: "letter.html", MIME: "text/html"}
	if err := s.Store.WriteFile(ctx, &f, bytes.NewReader([]byte(html)), int64(len(html))); err != nil {
		return err
	}
	files[f.ID], m.Mail.HTML = f, f.ID
	return nil
}

// letters are the conversations by e-mail.
var letters = []talk{
	{at: mailShop, with: writes("Jitka Benešová", "jitka.benesova@posta.example", domain.Czech), ends: 41 * time.Minute, tags: []string{"reklamace"}, said: []line{
		them("Dobrý den,\n\nkonvice z objednávky 26-11720 po týdnu přestala těsnit u víčka. Fakturu přikládám.\n\nMohu ji poslat k výměně?\n\nS pozdravem\nJitka Benešová").
			letter("Reklamace konvice 26-11720", `<p>Dobrý den,</p><p>konvice z objednávky <b>26-11720</b> po týdnu přestala těsnit u víčka. Fakturu přikládám.</p><p>Mohu ji poslat k výměně?</p><p>S pozdravem<br>Jitka Benešová</p>`).
			with(pdf("faktura-26-11720.pdf")),
		us(alena, "Dobrý den, paní Benešová,\n\nmoc se omlouváme. Konvici prosím pošlete na naši adresu, výměnu vyřídíme do tří dnů a poštovné vám vrátíme.").after(25 * time.Minute),
		them("Děkuji za rychlou odpověď. Balík podám zítra. Bude stačit původní krabice?").after(50*time.Minute).
			letter("", `<p>Děkuji za rychlou odpověď. Balík podám zítra.</p><p>Bude stačit původní krabice?</p>`),
	}},
	{at: mailShop, with: writes("Hôtel du Parc – Inès Garnier", "accueil@hotelduparc.example", domain.French), ends: 7 * time.Hour, status: domain.StatusPending, assignee: laure, said: []line{
		them("Bonjour,\n\nnous souhaitons un devis pour 40 tasses à espresso et 40 soucoupes, livrées avant le 12.\n\nCordialement,\nInès Garnier").
			letter("Devis pour 40 tasses", `<p>Bonjour,</p><p>nous souhaitons un devis pour :</p><table><tr><th>Article</th><th>Quantité</th></tr><tr><td>Tasse à espresso</td><td>40</td></tr><tr><td>Soucoupe</td><td>40</td></tr></table><p>livrées avant le 12.</p><p>Cordialement,<br>Inès Garnier</p>`).
			becomes(ask{title: "Devis : 40 tasses et soucoupes pour l’Hôtel du Parc", template: orderFR, description: "40 tasses à espresso, 40 soucoupes, livraison avant le 12.",
				status: domain.StatusOpen, priority: domain.Normal, due: 5, tags: []string{"devis"}, assignee: laure}),
		us(laure, "Bonjour Madame Garnier,\n\nvous trouverez notre devis en pièce jointe. Il est valable trente jours.").with(pdf("devis-hotel-du-parc.pdf")).after(80 * time.Minute),
	}},
	{at: mailShop, with: writes("Oliver Hughes", "oliver.hughes@mail.example", domain.English), ends: 28 * time.Hour, status: domain.StatusResolved, assignee: tom, said: []line{
		them("Hello,\n\nmy grinder was due on Tuesday (order 26-11655). Do you know where it is?\n\nOliver Hughes").letter("Where is my grinder?", ""),
		us(tom, "Hello Mr Hughes,\n\nit left the depot this morning and reaches you before five. Sorry for the wait.").after(35 * time.Minute),
		them("It has just arrived. Thank you!").after(6*time.Hour).letter("", ""),
	}},
}

// rememberLetters puts everything that was said by e-mail into the customers' mailboxes.
func rememberLetters(ctx context.Context, o Options) error {
	var past []mail.Letter
	html := map[int]domain.File{} // by place in past
	err := o.Store.View(ctx, func(tx *store.Tx) error {
		c, err := tx.ChannelByKey("demo-mail")
		if err != nil {
			return nil // removed by whoever kept the data
		}
		page, _, err := tx.Page(store.ByActivity([]domain.ID{c.ID}), "", rememberedTalks, rememberedTalks, func(*domain.Conversation) bool { return true })
		for i := range page {
			if err == nil {
				past, err = lettersOf(tx, &page[i], past, html)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	for at, f := range html {
		data, err := io.ReadAll(o.Store.OpenFile(ctx, f))
		if err != nil {
			return err
		}
		past[at].HTML = string(data)
	}
	o.Mail.Recall(past)
	return nil
}

// lettersOf adds the letters of a conversation, without their files.
func lettersOf(tx *store.Tx, c *domain.Conversation, past []mail.Letter, html map[int]domain.File) ([]mail.Letter, error) {
	list, _, _, err := tx.Messages(c.ID, store.MessageRange{Limit: rememberedMessages})
	if err != nil {
		return past, err
	}
	for _, m := range list {
		if m.Mail == nil || m.VendorID == "" {
			continue // never reached the customer
		}
		l := mail.Letter{
			ID: m.Mail.MessageID, Owner: c.To.Value, Mine: m.Direction == domain.Incoming, From: m.Mail.From.Address, FromName: m.Mail.From.Name,
			Subject: m.Mail.Subject, Text: m.Text, InReplyTo: m.Mail.InReplyTo, References: m.Mail.References, At: m.At,
		}
		for _, to := range m.Mail.To {
			l.To = append(l.To, to.Address)
		}
		if !m.Mail.HTML.IsZero() {
			if f, err := tx.File(m.Mail.HTML); err == nil {
				html[len(past)] = f
			}
		}
		past = append(past, l)
	}
	return past, nil
}
