"""Words that carry no subject: those that are left out of English questions, and those that ask in other languages."""

from __future__ import annotations

STOP_WORDS = frozenset(
    """
    a about above after again against all also am an and any are aren't as at be because been before being below
    between both but by can can't cannot could couldn't did didn't do does doesn't doing don't down during each else
    ever few for from further get give given got had hadn't has hasn't have haven't having he he'd he'll he's her here
    here's hers herself him himself his how how's i i'd i'll i'm i've if in into is isn't it it's its itself just
    let's like me might more most much must my myself no nor not of off on once one only or other ought our ours
    ourselves out over own please said same say says shall she she'd she'll she's should shouldn't so some such tell
    than that that's the their theirs them themselves then there there's these they they'd they'll they're they've
    this those through to too under until up us very was wasn't we we'd we'll we're we've were weren't what what's
    when when's where where's which while who who's whom whose why why's will with won't would wouldn't you you'd
    you'll you're you've your yours yourself yourselves
    """.split()
)
"""English words that carry no subject. Left out of questions only: the index holds every word."""

ASKING_ELSEWHERE = frozenset(
    """
    aber als am auf aus bei bis da das dass dem den der des die dies diese diesen dieser doch du durch ein eine einem
    einen einer er es für gegen haben hat hatte ich ihr im in ist ja kann kein keine keinen können man mit muss nach
    nicht noch nur oder ohne sein sich sie sind so über um und uns unser unsere von vom vor wann war warum was weil wem
    wen wenn wer werden weshalb wie wieso wieviel viele wir wird wo worüber wozu wurde wurden zu zum zur

    à alors au aux avec avons avez car ce ces cette combien comment dans de des donc du elle en est et été eux faut il
    ils je la le les leur mais ne nos notre nous on ont ou où par pas pour pourquoi qu quand que quel quelle quelles
    quels qui quoi sans ses son sont sur un une vos votre vous

    al algo como cómo con cual cuál cuáles cuando cuándo cuánto cuántos de del desde donde dónde el ella en entre era es
    esa ese eso esta está este esto fue ha han hay hemos la las le les lo los más me mi muy no nos nosotros nuestra
    nuestro o para pero por porque qué que quién quiénes se ser si sin sobre son su sus también un una unos y ya

    ao aos as com da das do dos e ela ele em essa esse esta estava foi há isso já mais mas na nas não nem nós nossa
    nosso o onde os ou para pela pelo por porque qual quais quando quanto quantos que quem são se sem seu sua também
    temos um uma você

    abbiamo ai al alla anche che chi ci come con cosa cui da dal dalla dei del della delle di dobbiamo dove e è gli ha
    hanno i il in io la le lo ma nei nel nella noi non nostra nostro o per perché più quale quali quando quanti quanto
    questa questo se sei si sono su sul tra un una uno

    aan af al bij daar dan dat de deze die dit door een en er geen had heb hebben heeft hem het hij hoe hoeveel hun ik
    is kan maar met mij moeten naar niet nog of om onder ons onze ook op over te toch tot uit van veel voor waar waarom
    wanneer want waren was wat we welk welke werd wie wij worden zal zich zij zijn zo

    att av blev den denna det detta där eller ett finns för från ha hade han har hon hur i inga ingen inte ja jag kan
    kommer man med men mot många någon något när och om oss på ska skall som så till under upp ut vad var varför vem
    vi vid vilka vilken vilket vår våra är än

    af alle at blev da de dem den der deres det dette eller en er et for fordi fra før har havde hun hvad hvem hver
    hvilke hvilken hvor hvordan hvorfor hvornår i ikke ind ingen jeg kan man mange med men når nogen og om op os på
    skal som til ud var ved vi vil være

    ale bez był była było były być co czy czyje dla dlaczego do gdy gdzie go i ich ile ja jak jaka jakie jaki jako je
    jest jeśli już kiedy kto która które który ma mamy może my na nad nam nas nasz nasza nie o od oraz po pod przed
    przez przy są się skąd ta tak także tam te tego ten to tu tylko tym u w więc z za ze że

    ama bazı ben biz bizim bu bunu çok da daha de değil diye gibi hangi hem hep için ile ise kaç kadar ki kim
    kime mi mı mu mü nasıl ne neden nerede niçin niye o olan olarak onlar sonra şu ve veya ya

    а без был была были было быть в вам вас во все вы где да для до его ее если есть еще же за зачем и из или им их к
    как какая какие какой какую когда кого который кто ли мы на нам нас наш не нет ни но о об он она они от по под
    почему при про с со сколько так такой там то того тоже только тот у уже что чтобы чего чем эта эти это

    αν από αυτή αυτό για γιατί δεν εγώ εμείς είναι είχε ένα ένας έχει έχουμε έχουν ή η θα και κάθε κι με μας μην
    μια μου να ο οι όταν ότι πιο ποια ποιες ποιο ποιοι ποιος πόσα πόσο πότε που πού πριν προς πως πώς σας σε στα στη
    στην στις στο στον στους τα τη την της τι τις το τον του τους των χωρίς ως

    أن أو أي أين إذا إلى إن التي الذي ان او اي اين اذا الى ب بعد بل ب بين تم ثم حتى على عن عند عندما غير في قبل قد كان
    كانت كل كم كما كيف لا لكن لم لماذا لن ليس ما ماذا متى مع من منذ نحن هذا هذه هل هم هناك هو هي و

    אבל או אז אחרי אין איך איפה איתנו אל אם אנחנו אני את אתה בגלל בין גם היא היה היו הוא הם זאת זה זו יש כל כמה כן
    לא לנו למה ליד לפני מאת מה מי מתי נו על עם עד רק של שלנו

    अगर अब आप इन इस उस एक ऐसा और कब कर करना करने का कि कितना कितने किस किसने की कुछ के को कोई कौन क्या क्यों जब जो तक
    तो था थी थे ने नहीं पर भी में मैं यह या ये रहा रहे लिए वह वे से हम हमने हमारा हमारे ही हुआ है हैं हो होना

    ei eikä en ettei että he hän ja joka jos josta jotka jotta kai kanssa keneltä ketkä koska kuin kuinka kuka kun
    me meidän meillä mihin mikä miksi millainen milloin missä mistä miten mitä mitkä montako mutta mukaan ne niin no
    nyt oli olla on onko ovat se sekä sen siitä sinä tai tämä vai vaan vain voi
    """.split()
)
"""Words of asking and of grammar in other languages, case folded. In a question they weigh little."""

ASKING_UNSPACED = tuple(
    """
    为什么 为何 什么 怎么 怎样 如何 哪个 哪些 哪里 多少 几个 时候 我们 你们 他们 是否 有没有 没有 因为
    為什麼 為何 什麼 怎麼 怎樣 哪個 時候 我們 你們 他們 沒有 因為
    なぜ どうして なに どう いつ どこ だれ どの どれ どんな いくつ です ます ました ません ですか ますか した する
    して しました している のか のは ので から について ために という これ それ でしょう ください
    무엇 어떻게 언제 어디 누가 누구 어떤 얼마나 우리 우리는 나요 습니까 습니다 했습니다 합니까 하나요 했나요
    인가요
    ทำไม อะไร อย่างไร ยังไง เมื่อไร เมื่อไหร่ ที่ไหน ใคร เท่าไร กี่ เรา หรือ ไหม เพราะ ที่ และ ของ เป็น ไม่ จะ ได้
    """.split()
)
"""The same in scripts written without spaces, or with endings on every word; a question is cut at them."""
