// Mail domains that anybody can get an address at, as compiled-in lists: consumer providers and throw-away services.
// Policy refuses them as "own" or "partner"; recipients/ classifies by them. Constant data, no threads, written from general knowledge.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace phiscan::rules {

// Sorted; registrable domains, ASCII lower case.
inline constexpr std::array consumer_domains = std::to_array<std::string_view>({
    "126.com", "163.com", "aim.com", "alice.it", "ameritech.net", "aol.com", "arcor.de", "att.net", "bell.net", "bellsouth.net",
    "bigpond.com", "brighthouse.com", "btinternet.com", "cableone.net", "centurylink.net", "centurytel.net", "charter.net",
    "comcast.net", "cox.net", "daum.net", "earthlink.net", "email.com", "embarqmail.com", "fastmail.com", "fastmail.fm", "flash.net",
    "free.fr", "frontier.com", "frontiernet.net", "gmail.com", "gmx.com", "gmx.de", "gmx.net", "gmx.us", "googlemail.com",
    "hanmail.net", "hey.com", "hotmail.co.uk", "hotmail.com", "hotmail.de", "hotmail.es", "hotmail.fr", "hotmail.it", "hughes.net",
    "hushmail.com", "icloud.com", "inbox.com", "juno.com", "laposte.net", "libero.it", "live.ca", "live.co.uk", "live.com",
    "live.com.mx", "mac.com", "mail.com", "mail.ru", "me.com", "mediacombb.net", "mindspring.com", "msn.com", "naver.com",
    "netscape.net", "netzero.com", "netzero.net", "nvbell.net", "optimum.net", "optonline.net", "orange.fr", "outlook.com",
    "outlook.es", "outlook.fr", "pacbell.net", "passport.com", "peoplepc.com", "pm.me", "prodigy.net", "prodigy.net.mx", "proton.me",
    "protonmail.ch", "protonmail.com", "q.com", "qq.com", "rcn.com", "rediffmail.com", "roadrunner.com", "rocketmail.com",
    "rogers.com", "rr.com", "sbcglobal.net", "sfr.fr", "shaw.ca", "sina.com", "sky.com", "snet.net", "sparklight.net",
    "spectrum.net", "suddenlink.net", "swbell.net", "sympatico.ca", "t-online.de", "talktalk.net", "tds.net", "telus.net",
    "terra.com", "tuta.com", "tutanota.com", "twc.com", "verizon.net", "wanadoo.fr", "web.de", "windstream.net", "wowway.com",
    "xfinity.com", "yahoo.ca", "yahoo.co.in", "yahoo.co.uk", "yahoo.com", "yahoo.com.br", "yahoo.com.mx", "yahoo.de", "yahoo.es",
    "yahoo.fr", "yahoo.it", "yandex.com", "yandex.ru", "ymail.com", "zoho.com",
});

inline constexpr std::array disposable_domains = std::to_array<std::string_view>({
    "0-mail.com", "10mail.org", "10minutemail.com", "10minutemail.net", "1secmail.com", "1secmail.net", "1secmail.org", "20minutemail.com",
    "33mail.com", "anonbox.net", "anonymbox.com", "armyspy.com", "binkmail.com", "bobmail.info", "boun.cr", "bouncr.com", "bugmenot.com",
    "burnermail.io", "byom.de", "chacuo.net", "cock.li", "cool.fr.nf", "courriel.fr.nf", "crazymailing.com", "cuvox.de",
    "dayrep.com", "deadaddress.com", "despam.it", "discard.email", "discardmail.com", "discardmail.de", "dispostable.com",
    "dodgit.com", "dropmail.me", "dump-email.info", "e4ward.com", "einrot.com", "emailfake.com", "emailondeck.com", "emailsensei.com",
    "emailtemporanea.com", "emltmp.com", "fake-box.com", "fakeinbox.com", "fakemail.net", "fakemailgenerator.com", "fastacura.com",
    "filzmail.com", "fleckens.hu", "generator.email", "getairmail.com", "getnada.com", "gishpuppy.com", "grr.la", "guerrillamail.biz",
    "guerrillamail.com", "guerrillamail.de", "guerrillamail.info", "guerrillamail.net", "guerrillamail.org", "guerrillamailblock.com",
    "gustr.com", "harakirimail.com", "hidemail.de", "hulapla.de", "inboxalias.com", "inboxbear.com", "inboxkitten.com", "incognitomail.org",
    "jetable.com", "jetable.org", "jourrapide.com", "kasmail.com", "koszmail.pl", "kurzepost.de", "lroid.com", "luxusmail.org",
    "mail-temp.com", "mail-temporaire.fr", "mail.tm", "mailcatch.com", "maildrop.cc", "maileater.com", "mailexpire.com", "mailforspam.com",
    "mailinater.com", "mailinator.com", "mailinator.net", "mailinator2.com", "mailmetrash.com", "mailmoat.com", "mailnesia.com",
    "mailnull.com", "mailpoof.com", "mailsac.com", "mailtemp.info", "mega.zik.dj", "meltmail.com", "mfsa.ru", "mierdamail.com",
    "minuteinbox.com", "moakt.cc", "moakt.com", "mohmal.com", "mt2015.com", "mytemp.email", "mytrashmail.com", "nada.email",
    "nospam.ze.tc", "notmailinator.com", "nowmymail.com", "objectmail.com", "one-time.email", "owlymail.com", "pookmail.com",
    "proxymail.eu", "rcpt.at", "rhyta.com", "rppkn.com", "safetymail.info", "sharklasers.com", "shitmail.me", "smailpro.com",
    "sneakemail.com", "sogetthis.com", "spam4.me", "spambog.com", "spambox.us", "spamcowboy.com", "spamex.com", "spamfree24.org",
    "spamgourmet.com", "spamherelots.com", "spamhole.com", "spammotel.com", "superrito.com", "suremail.info", "teleworm.us",
    "temp-mail.io", "temp-mail.org", "tempail.com", "tempinbox.com", "tempmail.com", "tempmail.dev", "tempmail.net", "tempmailaddress.com",
    "tempmailo.com", "tempr.email", "throwam.com", "throwawaymail.com", "tmail.ws", "tmpmail.net", "tmpmail.org", "trash-mail.com",
    "trashmail.com", "trashmail.de", "trashmail.me", "trashmail.net", "trbvm.com", "tyldd.com", "wegwerfmail.de", "wegwerfmail.net",
    "yopmail.com", "yopmail.fr", "yopmail.net", "zetmail.com",
});

static_assert(std::ranges::is_sorted(consumer_domains));
static_assert(std::ranges::is_sorted(disposable_domains));

[[nodiscard]] inline bool is_listed_consumer(std::string_view registrable) {
  return std::ranges::binary_search(consumer_domains, registrable);
}
[[nodiscard]] inline bool is_disposable(std::string_view registrable) {
  return std::ranges::binary_search(disposable_domains, registrable);
}

}  // namespace phiscan::rules
